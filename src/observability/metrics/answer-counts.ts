import { STATUS_CODES } from 'node:http'
import type { ExchangeRecord } from '../exchange-record.ts'
import type { Series } from './register-series.ts'

type Origin = ExchangeRecord['origin']

const ORIGINS: readonly Origin[] = ['upstream', 'keyway']

/** Where an origin stands among them. */
function indexOf(origin: Origin): 0 | 1 {
  return origin === 'upstream' ? 0 : 1
}

/** How logs have come to call a client that did not wait for its answer; not among Node's. */
const CLIENT_LEFT = 499

/**
 * A status as label: statuses that have a name, others by their class, as a client may make an
 * upstream answer with any number.
 */
function statusLabel(status: number): string {
  const isKnown = status === CLIENT_LEFT || STATUS_CODES[status] !== undefined
  return isKnown ? String(status) : classLabel(Math.floor(status / 100))
}

function classLabel(statusClass: number): string {
  return `${statusClass}xx`
}

/** Stands ahead of the first answer. */
const NOTHING: Count = { key: -1, value: 0 }

interface Count {
  /** Twice the status, and one more for an answer of Keyway's. */
  readonly key: number
  value: number
}

/** Counts answers by status and by who made them. */
export class StatusCounts {
  private readonly counts = new Map<number, Count>()
  /** Most answers are like the one before. */
  private latest: Count = NOTHING

  add({ status, origin }: ExchangeRecord): void {
    const key = 2 * status + indexOf(origin)
    if (key !== this.latest.key) this.latest = this.countOf(key)
    this.latest.value += 1
  }

  private countOf(key: number): Count {
    const known = this.counts.get(key)
    if (known !== undefined) return known
    const count = { key, value: 0 }
    this.counts.set(key, count)
    return count
  }

  read(labels: Readonly<Record<string, string>>): Series[] {
    const values = new Map<string, Series>()
    for (const { key, value } of this.counts.values()) {
      const status = statusLabel(key >> 1)
      const origin = ORIGINS[key & 1] as Origin
      const known = values.get(`${status} ${origin}`)
      if (known === undefined)
        values.set(`${status} ${origin}`, { labels: { ...labels, status, origin }, value })
      else known.value += value
    }
    return [...values.values()]
  }
}

/** Classes from 1xx to 9xx; 0 stands for nothing. */
const CLASSES = 10

/** Counts answers by class of status and by who made them. */
export class ClassCounts {
  private readonly counts = new Array<number>(2 * CLASSES).fill(0)

  add({ status, origin }: ExchangeRecord): void {
    const key = 2 * Math.floor(status / 100) + indexOf(origin)
    this.counts[key] = (this.counts[key] as number) + 1
  }

  read(labels: Readonly<Record<string, string>>): Series[] {
    return this.counts.flatMap((value, key) => {
      if (value === 0) return []
      const origin = ORIGINS[key & 1] as Origin
      return [{ labels: { ...labels, status_class: classLabel(key >> 1), origin }, value }]
    })
  }
}
