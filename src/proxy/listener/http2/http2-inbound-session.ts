import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import type { ServerLimits } from '../../../config/shapes/normal-config.ts'
import { ENHANCE_YOUR_CALM, NO_ERROR } from '../../../http/http2-codes.ts'
import { addressOf } from '../../client/connections.ts'
import { watchGivenUp } from '../../client/given-up.ts'
import { waitingBytes, watchWrites } from '../../client/lost-writes.ts'
import { createAllowance } from '../allowance.ts'
import { createOpenStreams } from './http2-open-streams.ts'

/** Streams that may end before their response, by whatever code: each may have cost a request to the upstream (CVE-2023-44487). */
const RESETS = { burst: 200, perSecond: 20 }
/** Frames that are answered though they ask for nothing (CVE-2019-9512, CVE-2019-9515). */
const CONTROLS = { burst: 1_000, perSecond: 100 }

const LAST_STREAM = 2 ** 31 - 1
/** How long it may take a client to hear that no new requests are wanted. */
const NOTICE_MS = 500

/** One HTTP/2 connection from a client. */
export interface InboundSession {
  /** Address of its client. */
  readonly peerIp: string
  /** Counts a stream until it closes. */
  readonly take: (stream: ServerHttp2Stream) => void
  /** Takes no new requests, but those on their way; closes when the last is answered. */
  readonly shutDown: () => void
}

/** Follows a connection, which `socket` carries: closes it when it is idle, or costs more than any client in earnest does. */
export function followSession(
  session: ServerHttp2Session,
  socket: Socket,
  limits: ServerLimits,
): InboundSession {
  const mayReset = createAllowance(RESETS.burst, RESETS.perSecond)
  const mayControl = createAllowance(CONTROLS.burst, CONTROLS.perSecond)
  const hasLostWrites = watchWrites(socket)
  const hasGivenUp = watchGivenUp(session, socket)
  const streams = createOpenStreams(limits.keepAliveMs, () => {
    if (hasLostWrites() || hasGivenUp()) socket.destroy()
  })
  let idle: NodeJS.Timeout | null = null
  let leftBytes = 0

  function watchIdle(ms: number): void {
    if (ms > 0) idle = setTimeout(closeIdle, ms)
  }
  function closeIdle(): void {
    close(session)
    finish()
  }
  /** Its end waits for what is unread, as long as the client reads of it. */
  function finish(): void {
    const left = waitingBytes(socket)
    if (left > 0 && left === leftBytes) socket.destroy()
    leftBytes = left
    if (idle !== null) clearTimeout(idle)
    if (limits.bodyIdleMs > 0) idle = setTimeout(finish, limits.bodyIdleMs)
  }
  function calm(isAllowed: boolean): void {
    // Not within nghttp2's own callback: its session would be freed under its feet.
    if (!isAllowed) setImmediate(cutOff)
  }
  function cutOff(): void {
    if (session.destroyed) return
    // Not in the types: a code alone.
    session.destroy(ENHANCE_YOUR_CALM as never)
    finish()
  }
  function release(stream: ServerHttp2Stream): void {
    if (!isWhole(stream)) calm(mayReset(performance.now()))
    if (streams.count() === 0 && !session.destroyed) watchIdle(limits.keepAliveMs)
  }

  watchIdle(limits.headersTimeoutMs)
  // Each request hears of it by its own stream.
  session.on('error', () => undefined)
  session.on('ping', () => calm(mayControl(performance.now())))
  session.on('remoteSettings', () => calm(mayControl(performance.now())))
  session.once('close', () => {
    if (idle !== null) clearTimeout(idle)
    streams.stop()
  })
  return {
    peerIp: addressOf(socket),
    take(stream) {
      streams.add(stream)
      if (idle !== null) clearTimeout(idle)
      idle = null
      stream.once('close', () => release(stream))
    },
    shutDown: () => shutDown(session),
  }
}

/** Whether a stream that is closed has ended its response: to reset by NO_ERROR is to reset. */
function isWhole({ rstCode, aborted, writableFinished }: ServerHttp2Stream): boolean {
  return rstCode === NO_ERROR && !aborted && writableFinished
}

function close(session: ServerHttp2Session): void {
  if (!session.destroyed) session.close()
}

// RFC 9113 §6.8: requests that are on their way when the client hears of it are served yet.
function shutDown(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return
  session.goaway(NO_ERROR, LAST_STREAM)
  const notice = setTimeout(close, NOTICE_MS, session)
  session.once('close', () => clearTimeout(notice))
}
