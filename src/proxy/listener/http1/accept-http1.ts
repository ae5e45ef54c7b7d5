import { METHODS } from 'node:http'
import type { Socket } from 'node:net'
import { answerOf } from '../../../answers/answers.ts'
import type { ServerLimits } from '../../../config/shapes/normal-config.ts'
import type { ProxyContext } from '../../exchange/proxy-context.ts'
import type { Handshake } from '../../client/handshake.ts'
import { printAnswer } from '../../client/own-response.ts'
import { ownSocket } from '../../client/own-socket.ts'
import { serveOn } from '../../exchange/serve-request.ts'
import { type Closing, LINGER_MS } from './closing.ts'
import { Deadlines } from './deadlines.ts'
import { Http1InboundConnection } from './http1-inbound-connection.ts'
import type { Http1InboundRequest } from './http1-inbound-request.ts'
import type { Http1InboundResponse } from './http1-inbound-response.ts'
import type { Http1Service } from './http1-service.ts'

/** The HTTP/1.1 side of a listener. */
export interface InboundHttp1 {
  /** Serves a connection. */
  readonly take: (socket: Socket) => void
  /** Ends connections with what is under way on them; idle ones at once. */
  readonly shutDown: () => void
}

/** Each step of the deadlines is a part of the shortest of them. */
const STEPS = 4
const LONGEST_STEP_MS = 1_000
const SHORTEST_STEP_MS = 10

/** Methods that Fastify can be told of. */
const ROUTED: ReadonlySet<string> = new Set(METHODS)

/** Takes connections of HTTP/1.1, and hands their requests to `onRequest`; handshakes, and methods that Fastify can't know, are served at once. */
export function acceptHttp1(
  context: ProxyContext,
  limits: ServerLimits,
  onRequest: Http1Service['onRequest'],
): InboundHttp1 {
  const deadlines = new Deadlines<Closing>(stepOf(limits))
  const service: Http1Service = {
    limits,
    after: (ms) => deadlines.after(ms),
    isDraining: () => context.isDraining,
    refuse({ socket, peerIp }, code) {
      context.unread.refused(peerIp, code)
      socket.write(printAnswer({ ...answerOf(code), errors: 'problem' }), 'latin1')
    },
    onRequest: (request, response) =>
      ROUTED.has(request.method) ? onRequest(request, response) : serve(request, response, null),
    onHandshake: serve,
    onGone: (closing) => deadlines.delete(closing),
  }
  function serve(
    request: Http1InboundRequest,
    response: Http1InboundResponse,
    handshake: Handshake | null,
  ): void {
    serveOn({ context, connection: request.connection, request, response, handshake })
  }
  return {
    take(socket) {
      // Closed as it came: there were too many.
      if (socket.destroyed) return
      const connection = new Http1InboundConnection(socket, service)
      deadlines.add(connection.closing)
      // Who has ended its side may yet read what it is answered.
      socket.allowHalfOpen = true
      ownSocket(socket, connection)
    },
    shutDown() {
      for (const closing of deadlines.list()) closing.shutDown()
    },
  }
}

function stepOf({ headersTimeoutMs, keepAliveMs }: ServerLimits): number {
  const times = [headersTimeoutMs, keepAliveMs, LINGER_MS].filter((ms) => ms > 0)
  const step = Math.floor(Math.min(...times) / STEPS)
  return Math.max(SHORTEST_STEP_MS, Math.min(LONGEST_STEP_MS, step))
}
