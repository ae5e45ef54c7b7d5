import type { CallHandler, Lane, OutgoingRequest } from '../call.ts'
import type { Http2Sessions } from './http2-sessions.ts'

/** One request's worth of shared HTTP/2 connections, or an HTTP/1.1 connection where there are none. */
export class Http2Lane implements Lane {
  readonly openedAt: number = performance.now()
  private readonly sessions: Http2Sessions
  private readonly openHttp1: () => Lane
  private http1: Lane | null = null
  private hasEnded = false

  constructor(sessions: Http2Sessions, openHttp1: () => Lane) {
    this.sessions = sessions
    this.openHttp1 = openHttp1
  }

  get isClosed(): boolean {
    return this.hasEnded || (this.http1?.isClosed ?? false)
  }

  get hasUnsent(): boolean {
    return this.http1?.hasUnsent ?? false
  }

  send(request: OutgoingRequest, handler: CallHandler): void {
    const sendByHttp1 = (): void => {
      this.http1 ??= this.openHttp1()
      this.http1.send(request, handler)
    }
    if (this.sessions.isHttp1) sendByHttp1()
    else this.sessions.send(request, handler, sendByHttp1)
  }

  close(): void {
    this.hasEnded = true
    this.http1?.close()
  }
}
