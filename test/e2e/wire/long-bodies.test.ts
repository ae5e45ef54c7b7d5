import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import {
  createServer as createHttpServer,
  type RequestListener,
  request,
  type Server,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startWithSecrets } from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute, type TestProxy } from '../../support/start-proxy.ts'

const file = (name: string): string => join(import.meta.dirname, '../../fixtures/tls', name)

/** An upstream that sends each request's body back as it comes. */
async function startEcho(scheme: string, isChunked: boolean): Promise<string> {
  const echo: RequestListener = (incoming, response) => {
    const length = incoming.headers['content-length']
    if (!isChunked && length !== undefined) response.setHeader('content-length', length)
    incoming.pipe(response)
  }
  const certificate = {
    cert: readFileSync(file('server.pem')),
    key: readFileSync(file('server.key')),
  }
  const server: Server =
    scheme === 'http' ? createHttpServer(echo) : createHttpsServer(certificate, echo)
  server.listen(0, 'localhost')
  await once(server, 'listening')
  closeAfter(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `${scheme}://localhost:${(server.address() as AddressInfo).port}`
}

/** Sends a body and resolves to the hash of the one that comes back. */
async function exchange(proxy: TestProxy, body: Buffer, isChunked: boolean): Promise<string> {
  const headers = isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': body.length }
  const outgoing = request({ ...proxy.address, method: 'PUT', path: '/up/x', headers })
  for (let at = 0; at < body.length; at += 50_000) outgoing.write(body.subarray(at, at + 50_000))
  outgoing.end()
  const [response] = await once(outgoing, 'response')
  const hash = createHash('sha256')
  for await (const chunk of response) hash.update(chunk)
  return hash.digest('hex')
}

test.each([
  { scheme: 'http', isChunked: false },
  { scheme: 'http', isChunked: true },
  { scheme: 'https', isChunked: false },
  { scheme: 'https', isChunked: true },
])(
  'bodies of all lengths pass both ways: $scheme, chunked: $isChunked',
  async ({ scheme, isChunked }) => {
    const url = await startEcho(scheme, isChunked)
    const proxy = await startWithSecrets(
      oneRoute(url, { upstream: scheme === 'https' ? `tls: { ca: ${file('ca.pem')} }` : '' }),
    )
    const lengths = [1, 15_000, 16_384, 65_535, 65_536, 65_537, 200_000, 3_000_000]
    const bodies = lengths.map((length) => randomBytes(length))
    const hashes = await Promise.all(bodies.map((body) => exchange(proxy, body, isChunked)))
    expect(hashes).toEqual(bodies.map((body) => createHash('sha256').update(body).digest('hex')))
  },
)
