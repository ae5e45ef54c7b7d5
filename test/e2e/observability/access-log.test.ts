import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { Agent, createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type KeywayProcess, type LogLine, startKeyway } from '../../support/keyway-process.ts'

vi.setConfig({ testTimeout: 60_000 })

let folder: string
let keyway: KeywayProcess
let url: string

let upstream: Server

/** Answers with an event stream that does not end by itself. */
async function startStream(): Promise<string> {
  upstream = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n')
  })
  upstream.on('upgrade', (_, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    )
    socket.on('end', () => socket.end())
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`
}

beforeEach(async () => {
  const streamUrl = await startStream()
  folder = await mkdtemp(join(tmpdir(), 'keyway-access-'))
  const file = join(folder, 'routes.yaml')
  await writeFile(
    file,
    `version: 1
server: { listen: 127.0.0.1:0, admin: 'off', accessLog: true, limits: { drain: 50ms } }
upstreams: { dead: 'http://127.0.0.1:1', stream: '${streamUrl}' }
routes:
  - { name: gone, match: { path: /gone/* }, reject: { status: 410 } }
  - { name: dead, match: { path: /dead/* }, upstream: dead }
  - { name: stream, match: { path: /stream }, upstream: stream }
`,
  )
  keyway = startKeyway(file)
  const { listen } = await keyway.until('listening')
  url = `http://${listen}`
})

afterEach(async () => {
  upstream.close()
  upstream.closeAllConnections()
  keyway.signal('SIGKILL')
  await keyway.exited
  await rm(folder, { recursive: true })
})

/** Asks for /gone/0, /gone/1, …, sixteen at once; every one is answered. */
async function askMany(count: number, name = 'gone', status = 410): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const asked = Array.from({ length: count }, (_, index) => ask(`${url}/${name}/${index}`, agent))
  expect(new Set(await Promise.all(asked))).toEqual(new Set([status]))
  agent.destroy()
}

function ask(target: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(target, { agent }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode))
    }).once('error', reject)
  })
}

const requestPaths = (): unknown[] =>
  keyway.lines.filter(({ msg }: LogLine) => msg === 'request').map(({ path }) => path)

const paths = (count: number): Set<string> =>
  new Set(Array.from({ length: count }, (_, index) => `/gone/${index}`))

test('a line comes by itself while nothing follows it', async () => {
  await askMany(1)
  expect(await keyway.until('request')).toMatchObject({ path: '/gone/0', status: 410 })
})

test('every line is there when the process has drained', async () => {
  await askMany(40)
  keyway.signal('SIGTERM')
  expect(await keyway.exited).toBe(0)
  expect(requestPaths()).toHaveLength(40)
  expect(new Set(requestPaths())).toEqual(paths(40))
})

test('a log that nobody reads holds up no request, and loses no line', async () => {
  keyway.pauseLog()
  // More than what the pipe and its reader hold.
  await askMany(5_000)
  keyway.resumeLog()
  keyway.signal('SIGTERM')
  expect(await keyway.exited).toBe(0)
  expect(requestPaths()).toHaveLength(5_000)
  expect(new Set(requestPaths())).toEqual(paths(5_000))
})

test('nor does one with lines that are written at once', async () => {
  keyway.pauseLog()
  await askMany(1_000, 'dead', 502)
  keyway.resumeLog()
  keyway.signal('SIGTERM')
  expect(await keyway.exited).toBe(0)
  const failures = keyway.lines.filter(({ msg }: LogLine) => msg === 'upstream failed')
  expect(failures).toHaveLength(1_000)
})

test('the trace that a client stands in', async () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  await (await fetch(`${url}/gone/0`, { headers: { traceparent } })).arrayBuffer()
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  expect(await keyway.until('request')).toMatchObject({ path: '/gone/0', traceId })
})

test('a key in a path or in the place of an id is in no line', async () => {
  const key = 'sk-proj-FAKEfakeFAKE1234'
  const headers = { authorization: 'Bearer plain-FAKE', 'x-request-id': key }
  await new Promise<void>((resolve, reject) => {
    const request = get(`${url}/gone/${key}/plain-FAKE`, { headers }, (response) => {
      response.resume().once('end', resolve)
    })
    request.once('error', reject)
  })
  const line = await keyway.until('request')
  expect(line).toMatchObject({ path: '/gone/<openai>/<credential>' })
  expect(JSON.stringify(line)).not.toContain('FAKE')
})

test('a stream that is cut when the time to drain is over is logged as that, before the end', async () => {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/stream`, resolve).once('error', reject)
  })
  await once(response, 'data')
  response.on('error', () => undefined)
  keyway.signal('SIGTERM')
  expect(await keyway.exited).toBe(0)
  const ends = keyway.lines.filter(({ msg }) => msg === 'request' || msg === 'drained')
  expect(ends.map(({ msg, status, code }) => [msg, status, code])).toEqual([
    ['request', 200, 'cut_by_drain'],
    ['drained', undefined, undefined],
  ])
})

test('a WebSocket is logged when it ends, and a clean end as no fault', async () => {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  }
  const socket = await new Promise<Socket>((resolve, reject) => {
    get(`${url}/stream`, { headers })
      .once('upgrade', (_, upgraded) => resolve(upgraded as Socket))
      .once('error', reject)
  })
  await askMany(1)
  await keyway.until('request')
  expect(requestPaths()).toEqual(['/gone/0'])
  socket.end()
  await once(socket, 'close')
  expect(await keyway.until('request')).toMatchObject({
    path: '/stream',
    status: 101,
    origin: 'upstream',
    code: null,
  })
})
