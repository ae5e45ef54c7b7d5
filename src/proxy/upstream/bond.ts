import type { Lane } from './call.ts'
import type { UpstreamPool } from './upstream-pool.ts'

/** Schemes that authenticate a connection, whoever's requests come on it next. */
const CONNECTION_SCHEME = /^\s*(?:ntlm|negotiate)(?:\s|$)/i

/** Whether a request's fields authenticate the connection that it is sent on (RFC 4559 §6). */
export function bindsConnection(fields: readonly string[]): boolean {
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue
    if (CONNECTION_SCHEME.test(fields[i + 1] as string)) return true
  }
  return false
}

/**
 * The upstreams' connections that a client's connection has authenticated: they serve its requests
 * and no other client's, and end with it.
 */
export class Bond {
  /** null: bound, and in use. */
  private readonly lanes = new Map<UpstreamPool, Lane | null>()
  private isOver = false

  /** Whether requests to these connections go by the bound one. */
  holds(pool: UpstreamPool): boolean {
    return this.lanes.has(pool)
  }

  /** The bound connection for its next request; null: it takes another, which is bound then. */
  take(pool: UpstreamPool): Lane | null {
    const lane = this.lanes.get(pool) ?? null
    this.lanes.set(pool, null)
    return lane === null || pool.use(lane) ? lane : null
  }

  /** Takes back what a request was sent on. */
  keep(pool: UpstreamPool, lane: Lane): void {
    if (this.isOver) lane.close()
    if (lane.isClosed) pool.giveBack(lane)
    else {
      pool.bind(lane)
      this.lanes.set(pool, lane)
    }
  }

  /** The client's connection is over. */
  close(): void {
    this.isOver = true
    for (const [pool, lane] of this.lanes) {
      lane?.close()
      if (lane !== null) pool.unbind(lane)
    }
    this.lanes.clear()
  }
}
