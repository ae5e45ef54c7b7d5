/** Whoever a deadline is set for. */
export interface DeadlineOwner {
  /** The time has come. */
  readonly onDue: () => void
}

/** Calls back when a time has come that is mostly put off before: putting it off costs no timer. */
export class Deadline {
  private readonly owner: DeadlineOwner
  private dueAt = Number.POSITIVE_INFINITY
  private firesAt = Number.POSITIVE_INFINITY
  private timer: NodeJS.Timeout | null = null

  constructor(owner: DeadlineOwner) {
    this.owner = owner
  }

  /**
   * Due in so many milliseconds and not before, whatever was set until now; 0: never. `nextMs` is what
   * will be set next, if it is known: then that takes no other timer.
   */
  set(ms: number, nextMs = 0): void {
    if (ms === 0) {
      this.clear()
      return
    }
    const now = performance.now()
    this.dueAt = now + ms
    const firesAt = nextMs === 0 ? this.dueAt : now + Math.min(ms, nextMs)
    if (firesAt < this.firesAt) this.arm(now, firesAt)
  }

  /** Never due, until it is set again. */
  clear(): void {
    this.dueAt = Number.POSITIVE_INFINITY
  }

  /** Gives its timer back. */
  stop(): void {
    this.clear()
    this.disarm()
  }

  /** Its timer has come: the time itself may have been put off meanwhile. */
  onTimer(): void {
    const now = performance.now()
    this.disarm()
    // Timers may come a little early.
    if (now + 1 < this.dueAt) {
      if (this.dueAt !== Number.POSITIVE_INFINITY) this.arm(now, this.dueAt)
      return
    }
    this.clear()
    this.owner.onDue()
  }

  private arm(now: number, firesAt: number): void {
    this.disarm()
    this.firesAt = firesAt
    this.timer = setTimeout(onTimer, firesAt - now, this)
  }

  private disarm(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.firesAt = Number.POSITIVE_INFINITY
  }
}

function onTimer(deadline: Deadline): void {
  deadline.onTimer()
}
