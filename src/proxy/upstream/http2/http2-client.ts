import type { Client, Dispatcher } from 'undici'
import type { Http2Sessions } from './http2-sessions.ts'

/** What a pool needs of a connection. */
export interface LaneClient {
  readonly destroyed: boolean
  readonly dispatch: (
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ) => void
  readonly destroy: (error: null, callback: () => void) => void
}

/** One request's worth of shared HTTP/2 connections, or an HTTP/1.1 connection where there are none. */
export class Http2Client implements LaneClient {
  destroyed = false
  private readonly sessions: Http2Sessions
  private readonly openHttp1: () => Client
  private http1: Client | null = null

  constructor(sessions: Http2Sessions, openHttp1: () => Client) {
    this.sessions = sessions
    this.openHttp1 = openHttp1
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    const dispatchHttp1 = (): void => {
      this.http1 ??= this.openHttp1()
      this.http1.dispatch(options, handler)
    }
    if (this.sessions.isHttp1) dispatchHttp1()
    else this.sessions.dispatch(options, handler, dispatchHttp1)
  }

  destroy(error: null, callback: () => void): void {
    this.destroyed = true
    this.http1?.destroy(error, callback)
  }
}
