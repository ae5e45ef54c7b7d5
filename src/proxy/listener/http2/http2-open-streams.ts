import type { ServerHttp2Stream } from 'node:http2'
import { CANCEL } from '../../../http/http2-codes.ts'
import { LOST_LOOK_MS } from '../../client/lost-writes.ts'

/** The streams of one connection. */
export interface OpenStreams {
  readonly count: () => number
  /** Follows a stream until it closes. */
  readonly add: (stream: ServerHttp2Stream) => void
  /** Looks at them no more. */
  readonly stop: () => void
}

interface OpenStream {
  wasClosed: boolean
  endedAt: number | null
}

/**
 * Follows streams, and ends two kinds that Node would keep with all that they hold. A client may reset
 * a stream by NO_ERROR before it has read what was written: no event tells of it. And it may leave a
 * stream's end unread: for `unreadMs`, or for ever where that is 0. `onLook` is called each time that
 * open streams are looked at.
 */
export function createOpenStreams(unreadMs: number, onLook: () => void): OpenStreams {
  const open = new Map<ServerHttp2Stream, OpenStream>()
  let timer: NodeJS.Timeout | null = null
  const look = (): void => {
    timer = null
    onLook()
    const now = performance.now()
    for (const [stream, state] of open) endWhereLeft(stream, state, { now, unreadMs })
    if (open.size > 0) timer = setTimeout(look, LOST_LOOK_MS)
  }
  return {
    count: () => open.size,
    add(stream) {
      open.set(stream, { wasClosed: false, endedAt: null })
      stream.once('close', () => open.delete(stream))
      timer ??= setTimeout(look, LOST_LOOK_MS)
    },
    stop() {
      if (timer !== null) clearTimeout(timer)
    },
  }
}

function endWhereLeft(
  stream: ServerHttp2Stream,
  state: OpenStream,
  { now, unreadMs }: { readonly now: number; readonly unreadMs: number },
): void {
  if (stream.closed) {
    // What is closed in earnest is gone by the next look.
    if (state.wasClosed) stream.destroy()
    state.wasClosed = true
  } else if (stream.writableEnded && unreadMs > 0) {
    state.endedAt ??= now
    if (now - state.endedAt >= unreadMs) stream.close(CANCEL)
  }
}
