import type { Series } from './register-series.ts'

interface Count {
  readonly labels: Readonly<Record<string, string>>
  value: number
}

/** Counts what happens seldom, by labels. */
export class LabelledCounts {
  private readonly counts = new Map<string, Count>()

  add(labels: Readonly<Record<string, string>>): void {
    const key = Object.values(labels).join('\0')
    const count = this.counts.get(key) ?? { labels, value: 0 }
    count.value += 1
    this.counts.set(key, count)
  }

  read(): Series[] {
    return [...this.counts.values()].map(({ labels, value }) => ({ labels, value }))
  }

  retain(isLive: (labels: Count['labels']) => boolean): void {
    for (const [key, { labels }] of this.counts) if (!isLive(labels)) this.counts.delete(key)
  }
}
