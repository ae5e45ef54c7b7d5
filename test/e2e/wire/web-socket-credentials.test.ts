import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { closeAfter } from '../../support/start-pair.ts'
import { startProxy } from '../../support/start-proxy.ts'

const OPENAI = 'sk-proj-FAKEfakeFAKE1234'

interface Seen {
  /** The subprotocol that the client was told. */
  readonly protocol: string
  /** A field of the answer, by which the upstream repeats what it was authorized with. */
  readonly echoed: string | string[] | undefined
  /** What the upstream was sent. */
  readonly offered: string | undefined
  readonly authorization: string | undefined
}

/** Opens a real WebSocket through Keyway to a provider that chooses the first subprotocol it is offered. */
async function open(provider: string, protocols: readonly string[], rules = ''): Promise<Seen> {
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  closeAfter(async () => void wss.close())
  await once(wss, 'listening')
  wss.on('headers', (fields, { headers }) => fields.push(`X-Echo: ${headers.authorization}`))
  const { port } = wss.address() as AddressInfo
  const proxy = await startProxy(`
version: 1
secrets: { o: { env: O } }
upstreams: { up: { provider: ${provider}, url: 'http://127.0.0.1:${port}' } }
routes: [{ name: up, match: { path: /* }, upstream: up${rules} }]`)
  closeAfter(proxy.close)
  const asked = once(wss, 'connection')
  const client = new WebSocket(`ws://127.0.0.1:${proxy.address.port}/v1`, [...protocols])
  const answered = once(client, 'upgrade') as Promise<[IncomingMessage]>
  await once(client, 'open')
  const [, { headers }] = await asked
  const [answer] = await answered
  client.terminate()
  const { authorization, 'sec-websocket-protocol': offered } = headers
  return { protocol: client.protocol, echoed: answer.headers['x-echo'], offered, authorization }
}

const inject = ", rules: [{ use: { header: authorization, scheme: Bearer, value: '${secret.o}' } }]"

test('a key in a subprotocol travels as the provider wants it, and the rest of the list stays', async () => {
  const seen = await open('openai', ['realtime', `openai-insecure-api-key.${OPENAI}`])
  expect(seen).toEqual({
    protocol: 'realtime',
    echoed: `Bearer ${OPENAI}`,
    offered: 'realtime',
    authorization: `Bearer ${OPENAI}`,
  })
})

test('and does not leave beside a secret, which does not come back', async () => {
  const protocols = ['realtime', `openai-insecure-api-key.${OPENAI}`]
  expect(await open('openai', protocols, inject)).toEqual({
    protocol: 'realtime',
    echoed: 'Bearer ***',
    offered: 'realtime',
    authorization: 'Bearer secret:o',
  })
})

test('where nothing of the list is left, the client is told the word before its key', async () => {
  expect(await open('deepgram', ['token', 'FAKEdeepgram1234'])).toEqual({
    protocol: 'token',
    echoed: 'Token FAKEdeepgram1234',
    offered: undefined,
    authorization: 'Token FAKEdeepgram1234',
  })
})

test('a rule may put it there', async () => {
  const rules = ', rules: [{ use: subprotocol openai-insecure-api-key.* }]'
  const seen = await open('openai', ['realtime', `openai-insecure-api-key.${OPENAI}`], rules)
  expect(seen).toMatchObject({
    offered: `realtime, openai-insecure-api-key.${OPENAI}`,
    authorization: undefined,
  })
})
