import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An upstream that answers what it was sent, and streams events until it is told to end. */
export interface Upstream {
  readonly url: string
  /** Requests whose headers came from two configurations. */
  readonly mixed: readonly string[]
  /** Open connections now. */
  readonly connections: () => Promise<number>
  /** Ends every open stream with a last event. */
  readonly endStreams: () => void
  readonly close: () => Promise<void>
}

const eventEveryMs = 100

/** Starts the upstream on a free port of the loopback address. */
export async function startUpstream(): Promise<Upstream> {
  const mixed: string[] = []
  const streams = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    const [route, rule] = [generationOf(request, 'route'), generationOf(request, 'rule')]
    if (route !== rule || route === undefined) mixed.push(`${request.url}: ${route} and ${rule}`)
    response.setHeader('x-seen', String(route))
    if (request.url?.startsWith('/stream') === true) openStream(response, streams)
    else request.resume().on('end', () => response.end(route))
  })
  server.keepAliveTimeout = 60_000
  const timer = setInterval(() => sendEvents(streams), eventEveryMs)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mixed,
    connections: () =>
      new Promise((resolve, reject) =>
        server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
      ),
    endStreams() {
      for (const stream of streams) stream.end('data: end\n\n')
      streams.clear()
    },
    close: () =>
      new Promise((resolve) => {
        clearInterval(timer)
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function generationOf({ headers }: IncomingMessage, part: string): string | undefined {
  return headers[`x-by-${part}`]?.toString()
}

interface Stream extends ServerResponse {
  sent?: number
}

function openStream(response: Stream, streams: Set<ServerResponse>): void {
  response.sent = 0
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  streams.add(response)
}

function sendEvents(streams: Set<Stream>): void {
  for (const stream of streams) {
    stream.write(`data: ${stream.sent}\n\n`)
    stream.sent = (stream.sent ?? 0) + 1
  }
}
