import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { expect, test } from 'vitest'
import { connectRaw, requestBytes } from '../../support/raw-client.ts'
import { startWithSecrets } from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute, type TestProxy } from '../../support/start-proxy.ts'
import { tlsFile } from '../inbound/start-tls.ts'

const REQUESTS = 60
/** Requests that are under way at a time. */
const AT_ONCE = 12
const SIZES = [0, 1, 1_000, 300_000]

/** What the upstream draws; the same from the same seed. */
function createDraw(seed: number) {
  let state = seed
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return (state >> 8) % limit
  }
  return { below, of: <T>(items: readonly T[]): T => items[below(items.length)] as T }
}

type Draw = ReturnType<typeof createDraw>

function drawSettings(draw: Draw): Settings {
  const all: readonly Settings[] = [
    { maxConcurrentStreams: draw.of([1, 2, 5, 100]) },
    { initialWindowSize: draw.of([0, 1, 100, 65_535, 2 ** 31 - 1]) },
    { headerTableSize: draw.of([0, 1, 64, 65_536]) },
    { maxFrameSize: draw.of([16_384, 20_000, 2 ** 24 - 1]) },
    { maxConcurrentStreams: 0 },
  ]
  return draw.of(all)
}

/** Says something else from one request to the next, and opens again what it closes. */
function change(session: ServerHttp2Session, draw: Draw): void {
  if (session.destroyed || session.pendingSettingsAck || draw.below(2) === 0) return
  session.settings(drawSettings(draw))
  setImmediate(() => {
    if (!session.destroyed)
      session.settings({ initialWindowSize: 65_535, maxConcurrentStreams: 20 })
  })
}

/** A proxy before an upstream of HTTP/2 that changes its settings, refuses streams and leaves. */
async function startChanging(seed: number) {
  const draw = createDraw(seed)
  const seen = new Map<string, number>()
  const sockets = new Set<Socket>()
  let connections = 0
  const pair = {
    cert: readFileSync(tlsFile('server.pem')),
    key: readFileSync(tlsFile('server.key')),
  }
  const server = createSecureServer({
    ...pair,
    settings: { maxConcurrentStreams: draw.of([1, 9]) },
  })
  server.on('secureConnection', (socket: Socket) => sockets.add(socket))
  server.on('session', (session) => {
    connections += 1
    session.on('error', () => undefined)
  })
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on('error', () => undefined)
    change(stream.session as ServerHttp2Session, draw)
    if (draw.below(20) === 0) return void stream.close(7)
    const id = String(headers['x-id'])
    seen.set(id, (seen.get(id) ?? 0) + 1)
    stream.resume()
    stream.on('end', () => {
      stream.respond({ ':status': 200 })
      stream.end(Buffer.alloc(Number(headers['x-size']), 'z'))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const url = `https://localhost:${(server.address() as AddressInfo).port}`
  const texts = { upstream: `tls: { ca: ${tlsFile('ca.pem')} }\nhttp2: true` }
  const proxy = await startWithSecrets(oneRoute(url, texts))
  return { proxy, seen, connections: () => connections, draw }
}

/** Asks for as many bytes, and returns what came: the status, and the bytes of a 200. */
async function ask({ address }: TestProxy, id: number, size: number): Promise<string> {
  const client = await connectRaw(address)
  const fields = [`x-id: ${id}`, `x-size: ${size}`]
  client.write(requestBytes('POST /up/x', [...fields, 'Content-Length: 2'], 'hi'))
  const answer = await client.closed()
  const status = answer.slice(9, 12)
  const body = answer.slice(answer.indexOf('\r\n\r\n'))
  return status === '200' ? `200 ${body.replaceAll(/[^z]/g, '').length}` : status
}

test.each([1, 2, 3])(
  'an upstream that changes its settings on and on answers each request once and whole, over few connections: %i',
  async (seed) => {
    const { proxy, seen, connections, draw } = await startChanging(seed)
    let next = 0
    const answers: string[] = []
    const wanted: string[] = []
    const one = async (): Promise<void> => {
      while (next < REQUESTS) {
        const id = next
        next += 1
        const size = draw.of(SIZES)
        const answer = await ask(proxy, id, size)
        answers.push(answer)
        // What is refused twice is not sent a third time.
        wanted.push(answer === '502' ? '502' : `200 ${size}`)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, one))
    expect(answers).toEqual(wanted)
    const codes = proxy.logged.map(({ fields }) => fields.code)
    expect(codes.filter((code) => code !== undefined && code !== 'UPSTREAM_REFUSED')).toEqual([])
    expect([...seen.values()].filter((count) => count > 1)).toEqual([])
    expect(connections()).toBeLessThan(REQUESTS)
  },
)
