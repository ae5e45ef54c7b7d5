import type { Socket } from 'node:net'

/** Writes text in pieces, a turn of the event loop between them; stops where the socket does. */
export function writePieces(
  socket: Socket,
  text: string,
  cuts: readonly number[],
  done: () => void,
): void {
  const points = [...cuts, text.length]
  let at = 0
  const next = (): void => {
    const point = points.shift()
    if (point === undefined || !socket.writable) {
      done()
      return
    }
    if (point > at) socket.write(text.slice(at, point), 'latin1')
    at = point
    if (points.length === 0) done()
    else setImmediate(next)
  }
  next()
}
