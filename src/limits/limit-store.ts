import type { NormalLimit, NormalRate } from '../config/shapes/normal-limit.ts'

/** A limit on a number of requests. */
export type RateLimit = NormalLimit & { readonly requests: NormalRate }

/** A limit on requests under way. */
export type ConcurrencyLimit = NormalLimit & { readonly atOnce: number }

/** Where a request stands within its limit. */
export interface Count {
  readonly isOver: boolean
  /** Until the count begins anew, in milliseconds. */
  readonly resetMs: number
}

/** A store can't be asked; neither its code nor its place holds a user or a password. */
export class LimitStoreError extends Error {
  override readonly name = 'LimitStoreError'
  /** Such as `127.0.0.1:6379`. */
  readonly store: string
  /** Such as ECONNREFUSED or WRONGPASS. */
  readonly code: string

  constructor(store: string, code: string, cause: unknown) {
    super(`${store} can't be asked: ${code}`, { cause })
    this.store = store
    this.code = code
  }
}

/** Counts requests for each key of a limit; rejects where it can't be asked. */
export interface LimitStore {
  /** Counts one request. */
  readonly count: (limit: RateLimit, key: string) => Promise<Count>
  /** Takes one back that was counted, and not carried out. */
  readonly uncount: (limit: RateLimit, key: string) => Promise<void>
  /** Takes a place among the requests under way; resolves to what gives it back, null: there is none. */
  readonly enter: (limit: ConcurrencyLimit, key: string) => Promise<string | null>
  readonly leave: (limit: ConcurrencyLimit, key: string, lease: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** Names a limit as it is counted: one that is changed begins anew. */
export function limitId({ name, requests, atOnce }: NormalLimit): string {
  return `${name} ${requests?.count ?? ''}/${requests?.windowMs ?? ''} ${atOnce ?? ''}`
}
