/** Something that has a time by which it is to have come further. */
export interface Watched {
  /** Step in which it is due; Infinity: never. */
  dueStep: number
  readonly onDue: () => void
}

/**
 * The times of many connections, by one timer: it looks at all of them in steps, so that to set one
 * costs a number. Nothing is due before its time, and everything at most two steps after it.
 */
export class Deadlines<Item extends Watched> {
  private readonly items = new Set<Item>()
  private readonly stepMs: number
  private step = 0
  private timer: NodeJS.Timeout | null = null

  /** `stepMs`: what of the shortest time may be lost. */
  constructor(stepMs: number) {
    this.stepMs = stepMs
  }

  /** The step that is due in so many milliseconds; 0: none is. */
  after(ms: number): number {
    return ms === 0 ? Number.POSITIVE_INFINITY : this.step + Math.ceil(ms / this.stepMs) + 1
  }

  add(item: Item): void {
    this.items.add(item)
    this.timer ??= setInterval(takeStep, this.stepMs, this)
  }

  delete(item: Watched): void {
    const items: Set<Watched> = this.items
    items.delete(item)
    if (this.items.size > 0 || this.timer === null) return
    clearInterval(this.timer)
    this.timer = null
  }

  /** All that are watched. */
  list(): IterableIterator<Item> {
    return this.items.values()
  }

  /** Tells those whose time has come. */
  takeStep(): void {
    this.step += 1
    for (const item of this.items) {
      if (item.dueStep > this.step) continue
      item.dueStep = Number.POSITIVE_INFINITY
      item.onDue()
    }
  }
}

function takeStep(deadlines: Deadlines<Watched>): void {
  deadlines.takeStep()
}
