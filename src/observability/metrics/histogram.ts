import type { Series } from './register-series.ts'

/** Counts durations by plain numbers. */
export class Histogram {
  private readonly bounds: readonly number[]
  /** For each bound, those that no smaller one takes; the last are those over all bounds. */
  private readonly counts: number[]
  private sum = 0

  /** `bounds` are in seconds, and grow. */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = new Array<number>(bounds.length + 1).fill(0)
  }

  add(milliseconds: number): void {
    const seconds = milliseconds / 1000
    const { bounds, counts } = this
    let bucket = 0
    while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket += 1
    counts[bucket] = (counts[bucket] as number) + 1
    this.sum += seconds
  }

  /** Its lines: each bucket holds those of the smaller ones too. */
  read(name: string, labels: Readonly<Record<string, string>>): Series[] {
    let count = 0
    const buckets = this.counts.map((more, index): Series => {
      count += more
      const bucket = { le: this.bounds[index] ?? '+Inf', ...labels }
      return { metricName: `${name}_bucket`, labels: bucket, value: count }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels, value: this.sum },
      { metricName: `${name}_count`, labels, value: count },
    ]
  }
}
