import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'

/** A request as the provider got it. */
export interface ProviderRequest {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Every credential on it, as `name: value` or `?name=value`, in order. */
  readonly credentials: readonly string[]
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What a provider answers; an array is sent as server-sent events, one write each. */
export interface ProviderAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | readonly string[]
}

/** A service: which requests it takes, and what it answers. */
export interface ProviderApi {
  /** Whether exactly the right credential came, and no other. */
  readonly isAuthorized: (request: ProviderRequest) => boolean
  /** Its own words for a request that is not. */
  readonly unauthorized: ProviderAnswer
  readonly answer: (request: ProviderRequest) => ProviderAnswer | Promise<ProviderAnswer>
  /** What it sends for every message of a WebSocket; without it there are none. */
  readonly socketEvents?: readonly object[]
}

/** A request that came and is not answered yet. */
export interface HeldRequest {
  /** Resolves when the request has come whole. */
  readonly arrived: Promise<void>
  readonly answer: (answer: ProviderAnswer) => void
}

/** A provider's stand-in on a port of its own. */
export interface FakeProvider {
  readonly url: string
  readonly requests: readonly ProviderRequest[]
  /** Answers the next requests with these, one each, before the API answers again. */
  readonly answerNext: (...answers: readonly ProviderAnswer[]) => void
  /** Holds the next request until it is answered by hand. */
  readonly holdNext: () => HeldRequest
  /** Forgets all requests. */
  readonly reset: () => void
  readonly close: () => Promise<void>
}

const credentialFields = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'xi-api-key',
  'proxy-authorization',
  'cookie',
])
const credentialParameters = ['key', 'access_token', 'api_key', 'api-key']

/** Starts a provider that answers 401 unless the request is as its API wants it. */
export async function startProvider(api: ProviderApi): Promise<FakeProvider> {
  const requests: ProviderRequest[] = []
  const scripted: (() => ProviderAnswer | Promise<ProviderAnswer>)[] = []
  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming)
    requests.push(request)
    if (!api.isAuthorized(request)) return send(response, api.unauthorized)
    const next = scripted.shift() ?? (() => api.answer(request))
    await send(response, await next())
  })
  if (api.socketEvents) answerSockets(server, api.socketEvents, requests)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    answerNext: (...answers) => void scripted.push(...answers.map((answer) => () => answer)),
    holdNext() {
      const { held, next } = hold()
      scripted.push(next)
      return held
    },
    reset: () => {
      requests.length = 0
      scripted.length = 0
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answerSockets(
  server: Server,
  events: readonly object[],
  requests: ProviderRequest[],
): void {
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket, incoming) => {
    socket.on('message', () => {
      for (const event of events) socket.send(JSON.stringify(event))
    })
    requests.push(describeRequest(incoming, ''))
  })
}

function hold(): { held: HeldRequest; next: () => Promise<ProviderAnswer> } {
  const events = new EventEmitter()
  const arrived = once(events, 'arrived').then(() => {})
  const answered = once(events, 'answer').then(([answer]) => answer as ProviderAnswer)
  const next = (): Promise<ProviderAnswer> => {
    events.emit('arrived')
    return answered
  }
  return { held: { arrived, answer: (answer) => void events.emit('answer', answer) }, next }
}

/** A port of this machine that nobody listens on. */
export async function findClosedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** A JSON answer. */
export function json(value: unknown, status = 200): ProviderAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

/** Server-sent events, each with a name where its API gives it one. */
export function eventStream(
  events: readonly { readonly event?: string; readonly data: unknown }[],
): ProviderAnswer {
  const body = events.map(({ event, data }) => {
    const text = typeof data === 'string' ? data : JSON.stringify(data)
    return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`
  })
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body }
}

async function readRequest(incoming: IncomingMessage): Promise<ProviderRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return describeRequest(incoming, Buffer.concat(chunks).toString())
}

function describeRequest(incoming: IncomingMessage, body: string): ProviderRequest {
  const { method = '', url: target = '', headers } = incoming
  return {
    method,
    target,
    credentials: findCredentials(incoming.rawHeaders, target),
    headers,
    body,
  }
}

function findCredentials(rawHeaders: readonly string[], target: string): string[] {
  const found: string[] = []
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    const value = rawHeaders[at + 1]
    if (credentialFields.has(name) && value) found.push(`${name}: ${value}`)
  }
  const query = new URLSearchParams(target.split('?')[1])
  for (const name of credentialParameters) {
    for (const value of query.getAll(name)) found.push(`?${name}=${value}`)
  }
  return found
}

async function send(response: ServerResponse, answer: ProviderAnswer): Promise<void> {
  response.writeHead(answer.status, answer.headers)
  if (typeof answer.body === 'string') return void response.end(answer.body)
  for (const event of answer.body) {
    if (!response.write(event)) await once(response, 'drain')
  }
  response.end()
}
