import type { Socket } from 'node:net'
import { watchGivenUp } from '../../client/given-up.ts'
import { LOST_LOOK_MS, watchWrites } from '../../client/lost-writes.ts'
import type { CallHandler, OutgoingRequest } from '../call.ts'
import type { OpenSocket } from '../open-socket.ts'
import { Http2Error } from './http2-error.ts'
import { type CalledSession, sendOnSession } from './http2-request.ts'

/** How connections to one target are made. */
export interface Http2Options {
  readonly origin: string
  /** Authority of requests that name none. */
  readonly host: string
  /** Offers h2 and http/1.1. */
  readonly open: OpenSocket
  /** After this a connection takes no more requests. */
  readonly maxAgeMs: number
}

/** Requests on one connection, unless the upstream wants fewer. */
const STREAMS = 100
const STREAM_WINDOW_BYTES = 256 * 1024
/** Readers that stop must not use up what the others need. */
const SESSION_WINDOW_BYTES = STREAMS * STREAM_WINDOW_BYTES
const MEMORY_MB = 64
/** A quiet connection with requests under way is asked whether it lives; one without is closed. */
const QUIET_MS = 30_000
const PING_MS = 10_000
/** How long a new connection may take to say how many requests it takes. */
const SETTINGS_MS = 10_000

interface OpenSession extends CalledSession {
  readonly socket: Socket
  readonly openedAt: number
  readonly hasLostWrites: () => boolean
  readonly hasGivenUp: () => boolean
  streams: number
}

/** The HTTP/2 connections to one target, each for many requests at a time. */
export class Http2Sessions {
  /** Set once the upstream was found to speak HTTP/1.1 alone. */
  isHttp1 = false
  private readonly options: Http2Options
  private readonly http2 = process.getBuiltinModule('node:http2')
  private readonly sessions = new Set<OpenSession>()
  private waiting: ((error: Error | null) => void)[] = []
  private isClosed = false

  constructor(options: Http2Options) {
    this.options = options
  }

  /** Sends a request when there is a connection for it; `onHttp1` is called where there is no HTTP/2. */
  send(request: OutgoingRequest, handler: CallHandler, onHttp1: () => void): void {
    const open = this.findOpen()
    if (open !== null) {
      open.streams += 1
      sendOnSession(open, request, this.options.host, countingDown(handler, open))
      return
    }
    this.waiting.push((error) => {
      if (error !== null) handler.onError(error)
      else if (this.isHttp1) onHttp1()
      else this.send(request, handler, onHttp1)
    })
    if (this.waiting.length === 1) this.open()
  }

  /** Lets requests under way finish and closes. */
  close(): void {
    this.isClosed = true
    for (const { session } of this.sessions) session.close()
  }

  private findOpen(): OpenSession | null {
    const oldest = performance.now() - this.options.maxAgeMs
    for (const open of this.sessions) {
      const { session, openedAt, streams } = open
      const limit = Math.min(STREAMS, session.remoteSettings?.maxConcurrentStreams ?? STREAMS)
      if (openedAt < oldest && !session.closed) session.close()
      if (!session.closed && !session.destroyed && streams < limit) return open
    }
    return null
  }

  private open(): void {
    this.options.open(null, (error, socket) => {
      if (socket === null) this.wake(error)
      else this.onSocket(socket as Socket & { readonly alpnProtocol?: string | false })
    })
  }

  private onSocket(socket: Socket & { readonly alpnProtocol?: string | false }): void {
    if (socket.alpnProtocol !== 'h2') {
      this.isHttp1 = true
      socket.destroy()
      this.wake(null)
      return
    }
    const session = this.http2.connect(this.options.origin, {
      createConnection: () => socket,
      maxSessionMemory: MEMORY_MB,
      settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES },
    })
    const open: OpenSession = {
      session,
      socket,
      calls: new Set(),
      openedAt: performance.now(),
      hasLostWrites: watchWrites(socket),
      hasGivenUp: watchGivenUp(session, socket),
      streams: 0,
    }
    session.on('connect', () => session.setLocalWindowSize(SESSION_WINDOW_BYTES))
    // Each request hears of it by its own stream.
    session.on('error', () => undefined)
    const look = setInterval(() => checkEnd(open), LOST_LOOK_MS)
    session.on('close', () => {
      clearInterval(look)
      this.sessions.delete(open)
    })
    this.awaitSettings(open)
    // Before the session hears of it, which drops what no reader has taken yet.
    for (const event of ['end', 'error', 'close'])
      socket.prependListener(event, () => readOut(open))
    // A connection that just ends, without a GOAWAY, ends no request by itself.
    socket.on('end', () => session.destroy(new Http2Error('ERR_HTTP2_ENDED', 'it ended')))
    session.setTimeout(QUIET_MS, () => checkLife(open))
  }

  /** Sends nothing before it is known how many requests the upstream takes: more would be refused. */
  private awaitSettings(open: OpenSession): void {
    const { session } = open
    const timer = setTimeout(() => session.destroy(), SETTINGS_MS)
    const fail = (): void => {
      clearTimeout(timer)
      this.wake(new Http2Error('ERR_HTTP2_ENDED', 'it ended before it had begun'))
    }
    session.once('close', fail)
    session.once('remoteSettings', ({ maxConcurrentStreams }) => {
      // Who takes no request would be connected to again and again.
      if (maxConcurrentStreams === 0) return void session.destroy()
      clearTimeout(timer)
      session.off('close', fail)
      this.sessions.add(open)
      this.wake(null)
      // With those who waited for it, once they are on their way: it is nobody else's.
      if (this.isClosed) setImmediate(() => session.close())
    })
  }

  private wake(error: Error | null): void {
    const { waiting } = this
    this.waiting = []
    for (const resolve of waiting) resolve(error)
  }
}

function readOut({ calls }: OpenSession): void {
  for (const call of calls) call.readOut()
}

/** Ends a connection at once: its session alone would wait until its last bytes are taken. */
function breakOff({ session, socket }: OpenSession, error: Http2Error): void {
  session.destroy(error)
  socket.destroy()
}

/** Ends a connection whose end Node keeps to itself. */
function checkEnd(open: OpenSession): void {
  if (open.session.destroyed) return
  if (open.hasLostWrites()) breakOff(open, new Http2Error('ECONNRESET', 'it was reset'))
  else if (open.streams > 0 && open.hasGivenUp())
    breakOff(open, new Http2Error('ERR_HTTP2_ERROR', 'its frames can not be read'))
}

function checkLife(open: OpenSession): void {
  if (open.streams === 0) {
    open.session.close()
    return
  }
  const dead = new Http2Error('ERR_HTTP2_PING', 'the connection is dead')
  const timer = setTimeout(() => breakOff(open, dead), PING_MS)
  open.session.ping(() => clearTimeout(timer))
}

/** The same handler, with the request's end counted. */
function countingDown(handler: CallHandler, open: OpenSession): CallHandler {
  return {
    onConnect: (call) => handler.onConnect(call),
    onInterim: (head) => handler.onInterim(head),
    onHead: (head) => handler.onHead(head),
    onBody: (bytes) => handler.onBody(bytes),
    onTunnel: (head, socket) => handler.onTunnel(head, socket),
    onEnd() {
      open.streams -= 1
      handler.onEnd()
    },
    onError(error) {
      open.streams -= 1
      handler.onError(error)
    },
  }
}
