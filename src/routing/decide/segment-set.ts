/** What stands for one segment of a path. */
export interface Segment {
  readonly text: string
  /** What hashSegment makes of its text. */
  readonly hash: number
}

/** A number for what stands in a path from `start` to `end`; other texts may have the same. */
export function hashSegment(path: string, start: number, end: number): number {
  let hash = 0
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + path.charCodeAt(i)) | 0
  return hash ^ (hash >>> 15)
}

/**
 * Segments, to be found in a path as they stand there. Among thousands each object that is looked
 * at is waited for: here that is one slot and the segment itself, in a Map twice as much.
 */
export class SegmentSet<Item extends Segment> {
  /** A power of two, at least half of them empty: what finds its own taken has the next one. */
  private slots: (Item | null)[] = [null, null]
  private size = 0

  /** Adds one whose text is not there yet. */
  add(item: Item): void {
    this.size += 1
    if (2 * this.size > this.slots.length) this.grow()
    place(this.slots, item)
  }

  /** The one that stands in a path from `start` to `end`; null: none. */
  find(path: string, start: number, end: number): Item | null {
    const { slots } = this
    const last = slots.length - 1
    const hash = hashSegment(path, start, end)
    for (let at = hash & last; ; at = (at + 1) & last) {
      const item = slots[at] as Item | null
      if (item === null || (item.hash === hash && isAt(path, start, end, item.text))) return item
    }
  }

  private grow(): void {
    const slots = new Array<Item | null>(2 * this.slots.length).fill(null)
    for (const item of this.slots) if (item !== null) place(slots, item)
    this.slots = slots
  }
}

function place<Item extends Segment>(slots: (Item | null)[], item: Item): void {
  const last = slots.length - 1
  let at = item.hash & last
  while (slots[at] !== null) at = (at + 1) & last
  slots[at] = item
}

function isAt(path: string, start: number, end: number, text: string): boolean {
  return text.length === end - start && path.startsWith(text, start)
}
