import type { Http2Stream } from 'node:http2'

/** What is heard of a stream until its close, by those who have all of its request in reach. */
const HEARD = [
  'aborted',
  'close',
  'data',
  'drain',
  'end',
  'error',
  'finish',
  'headers',
  'response',
  'wantTrailers',
]

/**
 * Has a stream of HTTP/2 that is closed keep nothing of its request. Node's half of it beside the heap
 * is found to be garbage by full collections alone: what it keeps until then is copied, becomes old,
 * and calls for the next one.
 */
export function letGo(stream: Pick<Http2Stream, 'removeAllListeners' | 'on'>): void {
  for (const event of HEARD) stream.removeAllListeners(event)
  // An error that nobody hears would end the process.
  stream.on('error', hearNothing)
}

function hearNothing(): void {}
