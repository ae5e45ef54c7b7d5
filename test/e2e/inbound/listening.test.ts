import { execFile } from 'node:child_process'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyway, type Keyway } from '../../../src/app/create-keyway.ts'
import type { LogFields, Logger } from '../../../src/observability/logger.ts'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ca, connectHttp2, exchange, tlsFile } from './start-tls.ts'

let folder = ''
let keyway: Keyway | null = null
const messages: string[] = []
const waiting = new Set<() => void>()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-inbound-'))
})

afterEach(async () => {
  await keyway?.drain()
  keyway = null
  messages.length = 0
  await rm(folder, { recursive: true })
})

const line = (_fields: LogFields, message: string): void => {
  messages.push(message)
  for (const look of waiting) look()
}
const log: Logger = {
  fatal: line,
  error: line,
  warn: line,
  info: line,
  debug: line,
  trace: line,
  request: () => undefined,
}

function logged(message: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!messages.includes(message)) return
      waiting.delete(look)
      resolve()
    }
    waiting.add(look)
    look()
  })
}

async function start(server: string): Promise<Keyway> {
  const config = join(folder, 'routes.yaml')
  await writeFile(
    config,
    `version: 1
server: ${server}
upstreams: { echo: builtin:echo }
routes: [{ name: echo, match: { path: /* }, upstream: echo }]
`,
  )
  keyway = await createKeyway({ config, env: {}, log, pollMs: 20 })
  return keyway
}

const unixServer = (): string =>
  `{ listen: "unix:${folder}/proxy.sock", admin: "unix:${folder}/admin.sock" }`

test('the proxy and the admin listener serve on unix sockets, which are gone after the drain', async () => {
  await (await start(unixServer())).start()
  const proxy = { socketPath: `${folder}/proxy.sock` }
  const admin = { socketPath: `${folder}/admin.sock` }
  expect(parseResponse(await exchangeRaw(proxy, requestBytes('GET /x'))).status).toBe(200)
  expect(parseResponse(await exchangeRaw(admin, requestBytes('GET /readyz'))).status).toBe(200)
  await keyway?.drain()
  for (const address of [proxy, admin])
    await expect(connectRaw(address)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a socket file that nobody listens on is removed', async () => {
  for (const name of ['proxy.sock', 'admin.sock']) await leaveStale(`${folder}/${name}`)
  await (await start(unixServer())).start()
  const answer = await exchangeRaw({ socketPath: `${folder}/proxy.sock` }, requestBytes('GET /x'))
  expect(parseResponse(answer).status).toBe(200)
})

test.each(['proxy', 'admin'])('a %s socket that somebody listens on stays theirs', async (name) => {
  const path = `${folder}/${name}.sock`
  const other = createServer((socket) => socket.on('error', () => undefined).end('other'))
  await new Promise<void>((resolve) => other.listen(path, resolve))
  await expect((await start(unixServer())).start()).rejects.toMatchObject({ code: 'listen_failed' })
  expect(await (await connectRaw({ socketPath: path })).closed()).toBe('other')
  other.close()
})

test('a file that is no socket stays', async () => {
  await writeFile(`${folder}/proxy.sock`, 'precious')
  await expect((await start(unixServer())).start()).rejects.toThrow(
    `can't listen on unix:${folder}/proxy.sock (server.listen): a file that is no socket stands there (EADDRINUSE)`,
  )
  expect(await readFile(`${folder}/proxy.sock`, 'utf8')).toBe('precious')
})

test('a socket in a folder that is missing: said in words', async () => {
  const started = await start(`{ listen: "unix:${folder}/none/proxy.sock", admin: off }`)
  await expect(started.start()).rejects.toThrow(
    `can't listen on unix:${folder}/none/proxy.sock (server.listen): the folder ${folder}/none is missing (EACCES)`,
  )
})

/** A process that is killed leaves the file of its socket behind. */
async function leaveStale(path: string): Promise<void> {
  const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`
  await promisify(execFile)(process.execPath, ['-e', program]).catch(() => undefined)
}

const tlsServer = (): string =>
  `{ listen: { address: "127.0.0.1:0", tls: { cert: "${folder}/cert.pem", key: "${folder}/key.pem" } }, admin: off }`

async function install(name: string): Promise<void> {
  await copyFile(tlsFile(`${name}.pem`), `${folder}/cert.pem`)
  await copyFile(tlsFile(`${name}.key`), `${folder}/key.pem`)
}

async function startTls(): Promise<{ readonly host: string; readonly port: number }> {
  const { proxy } = await (await start(tlsServer())).start()
  if ('socketPath' in proxy) throw new Error('a port was asked for')
  return proxy
}

/** Common name of the certificate that a new connection is shown. */
function shownTo(port: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ port, host: '127.0.0.1', ca, checkServerIdentity: () => undefined })
    socket.once('error', reject)
    socket.once('secureConnect', () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
  })
}

test('a new certificate is shown to new connections, open ones go on', async () => {
  await install('server')
  const { port } = await startTls()
  const before = await shownTo(port)
  const session = await connectHttp2({ port })
  await install('other')
  await logged('certificate renewed')
  expect(await shownTo(port)).not.toBe(before)
  expect((await exchange(session, { ':path': '/x' })).status).toBe(200)
})

test('a pair that does not fit together changes nothing', async () => {
  await install('server')
  const { port } = await startTls()
  const before = await shownTo(port)
  await copyFile(tlsFile('other.key'), `${folder}/key.pem`)
  await logged('certificate unusable, last good one stays')
  expect(await shownTo(port)).toBe(before)
  await copyFile(tlsFile('other.pem'), `${folder}/cert.pem`)
  await logged('certificate renewed')
  expect(await shownTo(port)).not.toBe(before)
})

test('no certificate at the start: said in words', async () => {
  await expect((await start(tlsServer())).start()).rejects.toThrow(
    `can't listen on 127.0.0.1:0 (server.listen): ${folder}/cert.pem: there is no such file`,
  )
})

const curls = [
  { name: 'HTTP/2', flag: '--http2', version: '2' },
  { name: 'HTTP/1.1', flag: '--http1.1', version: '1.1' },
]

test.each(curls)('curl posts by $name', async ({ flag, version }) => {
  await install('server')
  const { port } = await startTls()
  const url = `https://localhost:${port}/x`
  const args = [
    flag,
    '-sS',
    '--cacert',
    tlsFile('ca.pem'),
    '-d',
    'a=1',
    '-w',
    '%{http_version}',
    url,
  ]
  const { stdout } = await promisify(execFile)('curl', args)
  expect(stdout).toContain('"text": "a=1"')
  expect(stdout.endsWith(version)).toBe(true)
})
