import type { ServerResponse } from 'node:http'
import type { ExchangeRecord } from '../observability/exchange-record.ts'

/** Something that happened; holds no credential, and no path that a client asked for. */
export type AdminEvent =
  | {
      readonly type: 'reload'
      readonly outcome: string
      readonly generation: number
      readonly changes: readonly string[]
    }
  | {
      readonly type: 'target'
      readonly upstream: string
      readonly target: string
      readonly state: string
    }
  | { readonly type: 'limit-store'; readonly state: string }
  | ({ readonly type: 'request' } & ToldOfRequest)

/** What is told of a request: nothing by which it could be found again, and not where it went to. */
type ToldOfRequest = Pick<
  ExchangeRecord,
  | 'method'
  | 'route'
  | 'rule'
  | 'branch'
  | 'upstream'
  | 'first'
  | 'status'
  | 'origin'
  | 'code'
  | 'credentialKind'
  | 'credentialSource'
  | 'credentialScheme'
  | 'client'
  | 'durationMs'
>

/** An event with its time, as ISO 8601. */
export type TimedEvent = AdminEvent & { readonly time: string }

/** Tells what happens to whoever listens. */
export interface EventFeed {
  readonly publish: (event: AdminEvent) => void
  /** Takes an event of another process on. */
  readonly relay: (event: TimedEvent) => void
  /** Hears of each event; returns what ends it. */
  readonly follow: (listener: (event: TimedEvent) => void) => () => void
  /** Writes server-sent events, the latest first ones too, until the client leaves. */
  readonly stream: (response: ServerResponse) => void
}

/** Events that a listener who comes late is told. */
const KEPT = 50
/** Sent while nothing happens, so that whoever left is noticed. */
const QUIET_MS = 15_000
/** Bytes that a listener may leave unread; one that reads nothing is let go. */
const UNREAD_BYTES = 256 * 1024

/** Creates a feed to which nobody listens. */
export function createEventFeed(): EventFeed {
  const listeners = new Set<(event: TimedEvent) => void>()
  const latest: TimedEvent[] = []
  const relay = (event: TimedEvent): void => {
    latest.push(event)
    if (latest.length > KEPT) latest.shift()
    for (const listener of listeners) listener(event)
  }
  const follow = (listener: (event: TimedEvent) => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    publish: (event) => relay({ ...event, time: new Date().toISOString() }),
    relay,
    follow,
    stream(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      const send = (event: TimedEvent): void => {
        response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
        if (response.writableLength > UNREAD_BYTES) response.destroy()
      }
      response.write(': keyway\n\n')
      for (const event of latest) send(event)
      const quiet = setInterval(() => response.write(': \n\n'), QUIET_MS)
      const stop = follow(send)
      response.on('close', () => {
        clearInterval(quiet)
        stop()
      })
    },
  }
}
