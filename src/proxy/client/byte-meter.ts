import type { Socket } from 'node:net'

/** What a client sent, and was sent. */
export interface Bytes {
  readonly received: number
  readonly sent: number
}

/** Gives what reads how many bytes a client's connection has carried from now on. */
export function createByteMeter(socket: Socket): () => Bytes {
  const { bytesRead, bytesWritten } = socket
  return () => ({
    received: socket.bytesRead - bytesRead,
    sent: socket.bytesWritten - bytesWritten,
  })
}
