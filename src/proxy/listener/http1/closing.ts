import type { Socket } from 'node:net'
import type { Http1Service } from './http1-service.ts'

/** How long a client whose bytes are not wanted may go on sending, so that the answer is not lost in a reset. */
export const LINGER_MS = 2_000

/** The end of a connection: what was written leaves, and what still comes is read away for a while. */
export class Closing {
  private readonly socket: Socket
  private readonly service: Http1Service
  /** What was unsent when it was last looked at; -1: nobody looked. */
  private unsentBytes = -1

  constructor(socket: Socket, service: Http1Service) {
    this.socket = socket
    this.service = service
  }

  /** Ends it; `unread`: bytes of the client may be on their way. The step in which it is due. */
  begin(input: 'read' | 'unread'): number {
    const { socket, service } = this
    if (input === 'read') socket.destroySoon()
    else {
      // To destroy it with bytes unread would be a reset, which may overtake the answer.
      socket.end()
      socket.resume()
    }
    return service.after(LINGER_MS)
  }

  /** Its time is over, unless the client is still reading: then the step in which it is due again. */
  onDue(): number {
    const { socket, service, unsentBytes } = this
    const left = socket.writableLength
    if (left === 0 || left === unsentBytes) {
      socket.destroy()
      return Number.POSITIVE_INFINITY
    }
    this.unsentBytes = left
    return service.after(service.limits.bodyIdleMs)
  }
}
