import type {
  IncomingHttpHeaders,
  ServerHttp2Session,
  ServerHttp2Stream,
  ServerOptions,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { answerOf } from '../../../answers/answers.ts'
import type { ServerLimits } from '../../../config/shapes/normal-config.ts'
import { CANCEL } from '../../../http/http2-codes.ts'
import { letGo } from '../../../http/let-go.ts'
import type { ClientConnection } from '../../client/connections.ts'
import type { OwnAnswer } from '../../client/own-answer.ts'
import { sendAnswer } from '../../client/own-response.ts'
import type { ProxyContext } from '../../exchange/proxy-context.ts'
import { serveOn } from '../../exchange/serve-request.ts'
import { InboundRequest } from './http2-inbound-request.ts'
import { InboundResponse } from './http2-inbound-response.ts'
import { followSession, type InboundSession } from './http2-inbound-session.ts'

/** Requests on one connection at a time. */
const STREAMS = 100
/** Bytes of bodies that may be on their way: of one request, and of all on a connection. */
const STREAM_WINDOW = 64 * 1024
const CONNECTION_WINDOW = 1024 * 1024
/** As nghttp2 reckons a response's head: twelve bytes a field over what the upstream may send. */
const SENT_HEAD_BYTES = 1024 * 1024
/** Frames that break the rules before the connection is given up. */
const INVALID_FRAMES = 100

/** The HTTP/2 side of a listener. */
export interface InboundHttp2 {
  /** Serves a connection whose client chose HTTP/2. */
  readonly take: (socket: TLSSocket) => void
  /** Tells every client that no new requests are wanted; connections close when they are done. */
  readonly shutDown: () => void
}

/** Takes connections of HTTP/2: each stream is served as a request on a connection of its own would be. */
export function acceptHttp2(context: ProxyContext, limits: ServerLimits): InboundHttp2 {
  const sessions = new Map<ServerHttp2Session, InboundSession>()
  const inbound = process.getBuiltinModule('node:http2').createServer(http2Options(limits))
  /** What the session that is being made is made of: it shows no more than a part of it. */
  let taken: TLSSocket | null = null
  inbound.on('session', (session) => {
    session.setLocalWindowSize(CONNECTION_WINDOW)
    const followed = followSession(session, taken as TLSSocket, limits)
    sessions.set(session, followed)
    session.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('ERR_HTTP2')) context.unread.noFrames(followed.peerIp, error.code)
    })
    session.once('close', () => sessions.delete(session))
    if (context.isDraining) followed.shutDown()
  })
  inbound.on('stream', (opened, headers, _flags, ...rest: unknown[]) => {
    // Later type definitions of Node only say that it is a stream.
    const stream = opened as ServerHttp2Stream
    // Each failure shows as the stream's close.
    stream.on('error', () => undefined)
    const session = sessions.get(stream.session as ServerHttp2Session)
    if (session === undefined) return
    session.take(stream)
    const head = { headers, raw: rest[0] as string[], peerIp: session.peerIp }
    serveStream(stream, head, { context, limits })
  })
  return {
    take(socket) {
      taken = socket
      inbound.emit('connection', socket)
      taken = null
    },
    shutDown() {
      for (const session of sessions.values()) session.shutDown()
    },
  }
}

function http2Options(limits: ServerLimits): ServerOptions {
  return {
    settings: {
      maxConcurrentStreams: STREAMS,
      initialWindowSize: STREAM_WINDOW,
      // What goes beyond the limit by less than this is told so (431); more resets the stream.
      maxHeaderListSize: 2 * limits.headersBytes + 32 * pairs(limits),
      enableConnectProtocol: false,
    },
    maxHeaderListPairs: pairs(limits),
    maxSendHeaderBlockLength: SENT_HEAD_BYTES,
    maxSessionInvalidFrames: INVALID_FRAMES,
  }
}

const pairs = ({ headerFields }: ServerLimits): number => 2 * headerFields + 64

interface StreamHead {
  readonly headers: IncomingHttpHeaders
  readonly raw: readonly string[]
  readonly peerIp: string
}

interface Service {
  readonly context: ProxyContext
  readonly limits: ServerLimits
}

function serveStream(
  stream: ServerHttp2Stream,
  { headers, raw, peerIp }: StreamHead,
  { context, limits }: Service,
): void {
  const request = new InboundRequest(stream, headers, raw)
  const response = new InboundResponse(stream, request.method)
  const connection = describeStream(stream, peerIp)
  const onGone = (): void => connection.occupant?.onClientGone()
  stream.on('aborted', onGone)
  stream.on('close', () => {
    onGone()
    // Another stream may be another client's: nothing is bound to the whole connection.
    connection.bond?.close()
    letGo(stream)
  })
  const refusal = findRefusal(request, limits)
  if (refusal === null) serveOn({ context, connection, request, response, handshake: null })
  else sendAnswer(response, refusal, context.identify(undefined))
}

function describeStream(stream: ServerHttp2Stream, peerIp: string): ClientConnection {
  return {
    socket: {
      get destroyed() {
        return stream.destroyed
      },
      destroy: () => stream.close(CANCEL),
      // The connection is others' too; it ends when all of them have been answered.
      destroySoon: () => undefined,
    },
    peerIp,
    protocol: 'https',
    occupant: null,
    bond: null,
    leave(occupant) {
      if (this.occupant === occupant) this.occupant = null
    },
    // The next request is on a stream of its own.
    closeBehind: () => undefined,
  }
}

function findRefusal(
  { method, url, rawHeaders }: InboundRequest,
  limits: ServerLimits,
): OwnAnswer | null {
  if (method === 'CONNECT') return NO_CONNECT
  let bytes = method.length + url.length
  // Hot: a loop by hand.
  for (let i = 0; i < rawHeaders.length; i += 2)
    bytes += (rawHeaders[i] as string).length + (rawHeaders[i + 1] as string).length + FRAMING
  return bytes > limits.headersBytes ? TOO_LARGE : null
}

/** What HTTP/1.1 writes between a name, its value and the next name. */
const FRAMING = ': \r\n'.length

const NO_CONNECT: OwnAnswer = { ...answerOf('connect_refused'), errors: 'problem' }

const TOO_LARGE: OwnAnswer = { ...answerOf('headers_too_large'), errors: 'problem' }
