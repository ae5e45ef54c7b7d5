import type { Socket } from 'node:net'
import { Client } from 'undici'
import { StatusLines } from '../../http/status-lines.ts'
import type { TableTarget } from '../../routing/table-upstream.ts'
import { Http2Client, type LaneClient } from './http2/http2-client.ts'
import { Http2Sessions } from './http2/http2-sessions.ts'
import { createConnector, filterReads } from './upstream-connector.ts'

/** Upstreams may send longer heads than clients: cookies and policies add up. */
const RESPONSE_HEAD_BYTES = 64 * 1024

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** One connection's worth of an upstream; it connects again by itself after a break. */
export interface Lane {
  readonly client: LaneClient
  readonly statusLines: StatusLines
  readonly openedAt: number
  isIdle: boolean
  /** The connection that it opened last; null: none yet, or HTTP/2, whose requests do not share their bytes. */
  socket: Socket | null
}

/** A request that wants a lane. */
export interface LaneUser {
  /** Called once, when a lane is free. */
  readonly onLane: (lane: Lane) => void
}

/**
 * The connections to one target. undici's own Pool looks through all its connections for a free
 * one and has no bound on those who wait; this one takes the lane used last, in constant time, and
 * refuses what would wait behind a full queue.
 */
export class UpstreamPool {
  readonly target: TableTarget
  /** The target's origin; one object for all connections. */
  private readonly url: URL
  /** The Host to send where it is not the one of the origin, which undici writes by itself. */
  private readonly host: string | null
  /** Opens connections to the target, for HTTP/2 too where the file says so. */
  readonly connect: ReturnType<typeof createConnector>
  private readonly connectHttp1: ReturnType<typeof createConnector>
  private readonly capacity: number
  private readonly connections: number
  private readonly keepAliveMs: number
  private readonly ageMs: number
  /** null: every lane is a connection of its own. */
  private readonly http2: Http2Sessions | null
  private readonly waiting = new Set<LaneUser>()
  private idle: Lane[] = []
  private destroyedIdle = 0
  private lanes = 0
  private reserved = 0
  private isRetired = false

  constructor(target: TableTarget) {
    const { connections, queue, keepAliveMs, connectionAgeMs } = target.config.limits
    this.target = target
    this.connections = connections === 0 ? Number.POSITIVE_INFINITY : connections
    this.capacity = this.connections + queue
    this.keepAliveMs = keepAliveMs === 0 ? LONGEST_TIMER_MS : keepAliveMs
    this.ageMs = connectionAgeMs === 0 ? Number.POSITIVE_INFINITY : connectionAgeMs
    this.connect = createConnector(target)
    const { config, origin } = target
    const { connect, ageMs: maxAgeMs } = this
    this.connectHttp1 = config.http2 ? createConnector(withoutHttp2(target)) : connect
    this.http2 = config.http2 ? new Http2Sessions({ origin, connect, maxAgeMs }) : null
    this.url = new URL(origin)
    this.host = target.host === this.url.host ? null : target.host
  }

  /** Requests that hold a place, waiting ones included. */
  get inFlight(): number {
    return this.reserved
  }

  /** Takes a place; false where connections and queue are full. Whoever gets one gives it back by release. */
  reserve(): boolean {
    if (this.reserved >= this.capacity) return false
    this.reserved += 1
    return true
  }

  /** Gives a place back; a retired pool closes with its last. */
  release(): void {
    this.reserved -= 1
    if (this.isRetired && this.reserved === 0) this.destroy()
  }

  /** A request's fields, with Host where undici would not write the right one. */
  addHost(fields: readonly string[]): string[] {
    return this.host === null ? (fields as string[]) : [...fields, 'host', this.host]
  }

  /** Hands `user` a lane, now or when one is free. */
  enter(user: LaneUser): void {
    const lane = this.takeIdle() ?? (this.lanes < this.connections ? this.open() : null)
    if (lane === null) this.waiting.add(user)
    else user.onLane(lane)
  }

  /** Takes `user` out of the queue; false where it was not in it. */
  leave(user: LaneUser): boolean {
    return this.waiting.delete(user)
  }

  /** Takes a lane back for the next user; an old one is replaced, so that its name is looked up again. */
  giveBack(lane: Lane): void {
    if (performance.now() - lane.openedAt > this.ageMs) this.giveUp(lane)
    else if (hasUnsent(lane)) setImmediate(giveBackIfSent, this, lane)
    else this.hand(lane)
  }

  /** Takes a lane back whose connection may carry no other request. */
  giveUp(lane: Lane): void {
    // Not now: the connection is still telling of the response's end.
    setImmediate(discard, this, lane)
  }

  /** Takes a lane back that had bytes of its last request unsent; closes it if it still has. */
  giveBackIfSent(lane: Lane): void {
    // Whoever answers before reading the request may read no more: the next one would wait behind it.
    if (this.isRetired || hasUnsent(lane)) this.discard(lane)
    else this.hand(lane)
  }

  private hand(lane: Lane): void {
    for (const user of this.waiting) {
      this.waiting.delete(user)
      user.onLane(lane)
      return
    }
    lane.isIdle = true
    this.idle.push(lane)
  }

  /** Takes back a lane that never connected, or has served its time. */
  discard(lane: Lane): void {
    this.lanes -= 1
    destroyQuietly(lane.client)
    for (const user of this.waiting) {
      this.waiting.delete(user)
      user.onLane(this.open())
      return
    }
  }

  /** Closes at once if idle, else with the last request. */
  retire(): void {
    this.isRetired = true
    if (this.reserved === 0) this.destroy()
  }

  /** Closes idle connections; those in use close with their requests. */
  destroy(): void {
    this.lanes -= this.idle.length - this.destroyedIdle
    for (const lane of this.idle) destroyQuietly(lane.client)
    this.idle = []
    this.destroyedIdle = 0
    this.http2?.close()
  }

  private takeIdle(): Lane | null {
    for (let lane = this.idle.pop(); lane !== undefined; lane = this.idle.pop()) {
      lane.isIdle = false
      if (!lane.client.destroyed) return lane
      this.destroyedIdle -= 1
    }
    return null
  }

  private open(): Lane {
    this.lanes += 1
    const statusLines = new StatusLines()
    const openHttp1 = (): Client => {
      const client = new Client(this.url, {
        connect: (target, callback) =>
          this.connectHttp1(target, (...result) => {
            if (result[0] === null) {
              lane.socket = result[1]
              filterReads(lane.socket, statusLines)
            }
            callback(...result)
          }),
        pipelining: 1,
        keepAliveTimeout: this.keepAliveMs,
        maxHeaderSize: RESPONSE_HEAD_BYTES,
      })
      client.on('disconnect', () => this.onDisconnect(lane))
      return client
    }
    const client = this.http2 === null ? openHttp1() : new Http2Client(this.http2, openHttp1)
    const openedAt = performance.now()
    const lane: Lane = { client, statusLines, openedAt, isIdle: false, socket: null }
    return lane
  }

  /** A burst leaves many idle lanes; each goes when its connection does. */
  private onDisconnect(lane: Lane): void {
    if (lane.client.destroyed || !lane.isIdle) return
    destroyQuietly(lane.client)
    this.lanes -= 1
    this.destroyedIdle += 1
    if (2 * this.destroyedIdle < this.idle.length) return
    this.idle = this.idle.filter(({ client }) => !client.destroyed)
    this.destroyedIdle = 0
  }
}

function discard(pool: UpstreamPool, lane: Lane): void {
  pool.discard(lane)
}

function giveBackIfSent(pool: UpstreamPool, lane: Lane): void {
  pool.giveBackIfSent(lane)
}

function hasUnsent({ socket }: Lane): boolean {
  return socket !== null && socket.writableLength > 0 && !socket.destroyed
}

/** Closing a connection nobody uses: there is nobody to tell of a failure. */
function destroyQuietly(client: LaneClient): void {
  client.destroy(null, () => {})
}

/** The target by HTTP/1.1 alone. */
export function withoutHttp2(target: TableTarget): TableTarget {
  return target.config.http2 ? { ...target, config: { ...target.config, http2: false } } : target
}
