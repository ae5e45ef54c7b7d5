import type { TableTarget } from '../../routing/table-upstream.ts'
import type { Lane } from './call.ts'
import { Http1Connection } from './http1/http1-connection.ts'
import { describeHttp1, type Http1Options } from './http1/http1-options.ts'
import { Http2Lane } from './http2/http2-lane.ts'
import { Http2Sessions } from './http2/http2-sessions.ts'
import { createSocketOpener } from './open-socket.ts'

/** A request that wants a lane. */
export interface LaneUser {
  /** Called once, when a lane is free. */
  readonly onLane: (lane: Lane) => void
}

/** The connections to one target at one moment. */
export interface PoolStatus {
  readonly connections: number
  readonly idle: number
  /** Requests that wait for a connection. */
  readonly waiting: number
  /** Requests that hold a place, waiting ones included. */
  readonly inFlight: number
}

/** Protocols that are offered in a TLS handshake. */
const HTTP2: readonly string[] = ['h2', 'http/1.1']

/**
 * The connections to one target. It takes the lane used last, in constant time, and refuses what
 * would wait behind a full queue.
 */
export class UpstreamPool {
  readonly target: TableTarget
  private readonly http1: Http1Options
  private readonly capacity: number
  private readonly connections: number
  private readonly ageMs: number
  /** null: every lane is a connection of its own. */
  private readonly http2: Http2Sessions | null
  private readonly waiting = new Set<LaneUser>()
  private idle: Lane[] = []
  /** At least as many as idle lanes that are closed. */
  private closed = 0
  /** Lanes that wait for the requests of one client's connection. */
  private readonly bound = new Set<Lane>()
  private lanes = 0
  private reserved = 0
  private isRetired = false

  constructor(target: TableTarget) {
    const { connections, queue, connectionAgeMs } = target.config.limits
    const { config, origin, host } = target
    this.target = target
    this.connections = connections
    this.capacity = connections + queue
    this.ageMs = connectionAgeMs === 0 ? Number.POSITIVE_INFINITY : connectionAgeMs
    const maxAgeMs = this.ageMs
    this.http2 = config.http2
      ? new Http2Sessions({ origin, host, open: createSocketOpener(target, HTTP2), maxAgeMs })
      : null
    this.http1 = describeHttp1(target, () => this.onClosed())
  }

  /** Requests that hold a place, waiting ones included. */
  get inFlight(): number {
    return this.reserved
  }

  /** Counts at this moment. */
  describe(): PoolStatus {
    const { lanes, waiting, reserved } = this
    const idle = this.idle.filter(({ isClosed }) => !isClosed).length
    return {
      connections: lanes - (this.idle.length - idle),
      idle,
      waiting: waiting.size,
      inFlight: reserved,
    }
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

  /** Hands `user` a lane, now or when one is free. */
  enter(user: LaneUser): void {
    const lane = this.takeIdle() ?? (this.lanes < this.connections ? this.openLane() : null)
    if (lane === null) this.waiting.add(user)
    else user.onLane(lane)
  }

  /** Hands `user` a lane that nobody used before, if one may be opened. */
  enterAfresh(user: LaneUser): void {
    const replaced = this.lanes < this.connections ? null : this.takeIdle()
    if (replaced !== null) this.drop(replaced)
    if (this.lanes < this.connections) user.onLane(this.openLane())
    else this.waiting.add(user)
  }

  /** Takes `user` out of the queue; false where it was not in it. */
  leave(user: LaneUser): boolean {
    return this.waiting.delete(user)
  }

  /** Takes a lane back for the next user; an old one is replaced, so that its name is looked up again. */
  giveBack(lane: Lane): void {
    if (lane.isClosed || this.isOld(lane)) this.replace(lane)
    else if (lane.hasUnsent) setImmediate(giveBackIfSent, this, lane)
    else this.hand(lane)
  }

  /** Takes a lane back that had bytes of its last request unsent; closes it if it still has. */
  giveBackIfSent(lane: Lane): void {
    // Whoever answers before reading the request may read no more: the next one would wait behind it.
    if (this.isRetired || lane.isClosed || lane.hasUnsent) this.replace(lane)
    else this.hand(lane)
  }

  /** Makes a lane that is not the pool's to give: its creator's own. */
  createLane(): Lane {
    const openHttp1 = (): Lane => new Http1Connection(this.http1)
    return this.http2 === null ? openHttp1() : new Http2Lane(this.http2, openHttp1)
  }

  /** Keeps a lane that waits for one client's requests and is handed to no other. */
  bind(lane: Lane): void {
    this.bound.add(lane)
  }

  /** Has a bound lane serve its client's next request; false: it is closed, and taken back. */
  use(lane: Lane): boolean {
    if (lane.isClosed) this.unbind(lane)
    else this.bound.delete(lane)
    return !lane.isClosed
  }

  /** Takes back a lane that was bound and is closed. */
  unbind(lane: Lane): void {
    if (this.bound.delete(lane)) this.replace(lane)
  }

  /** Closes at once if idle, else with the last request. */
  retire(): void {
    this.isRetired = true
    if (this.reserved === 0) this.destroy()
  }

  /** Closes idle connections; those in use close with their requests. */
  destroy(): void {
    const { idle } = this
    this.lanes -= idle.length
    this.idle = []
    this.closed = 0
    for (const lane of idle) lane.close()
    this.http2?.close()
  }

  /** Hands a lane that has rested to whoever waits. */
  handRested(lane: Lane): void {
    if (this.isRetired || lane.isClosed) return void this.replace(lane)
    const user = this.takeWaiting()
    if (user === null) this.idle.push(lane)
    else user.onLane(lane)
  }

  private hand(lane: Lane): void {
    // An upstream that ends a connection behind its answer is heard to do so in the next turn: who is
    // handed it before gets no answer, and nobody could tell whether it was carried out.
    if (this.waiting.size > 0) setImmediate(restATurn, this, lane)
    else this.idle.push(lane)
  }

  private replace(lane: Lane): void {
    this.drop(lane)
    // Nothing is opened for nobody.
    this.takeWaiting()?.onLane(this.openLane())
  }

  /** null: nobody waits. */
  private takeWaiting(): LaneUser | null {
    for (const user of this.waiting) {
      this.waiting.delete(user)
      return user
    }
    return null
  }

  private isOld({ openedAt }: Lane): boolean {
    return performance.now() - openedAt > this.ageMs
  }

  private drop(lane: Lane): void {
    this.lanes -= 1
    lane.close()
  }

  private takeIdle(): Lane | null {
    for (let lane = this.idle.pop(); lane !== undefined; lane = this.idle.pop()) {
      if (!lane.isClosed && !this.isOld(lane)) return lane
      this.drop(lane)
    }
    return null
  }

  /** A burst leaves many idle lanes; each goes when its connection does. */
  private onClosed(): void {
    this.closed += 1
    for (const lane of this.bound) if (lane.isClosed) this.unbind(lane)
    if (2 * this.closed < this.idle.length) return
    const open = this.idle.filter(({ isClosed }) => !isClosed)
    this.lanes -= this.idle.length - open.length
    this.idle = open
    this.closed = 0
  }

  private openLane(): Lane {
    this.lanes += 1
    return this.createLane()
  }
}

function giveBackIfSent(pool: UpstreamPool, lane: Lane): void {
  pool.giveBackIfSent(lane)
}

/** What has come of its connection by now is read before a turn is over. */
function restATurn(pool: UpstreamPool, lane: Lane): void {
  setImmediate(handRested, pool, lane)
}

function handRested(pool: UpstreamPool, lane: Lane): void {
  pool.handRested(lane)
}
