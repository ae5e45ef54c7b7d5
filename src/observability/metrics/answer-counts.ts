import { STATUS_CODES } from 'node:http'
import { type Count, createCount } from '../count.ts'
import { entryOf } from '../entry-of.ts'
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

/** Counts answers by status and by who made them. */
export class StatusCounts {
  /** By twice the status, and one more for an answer of Keyway's. */
  private readonly counts = new Map<number, Count>()

  /** Where an answer is counted. */
  of({ status, origin }: ExchangeRecord): Count {
    return entryOf(this.counts, 2 * status + indexOf(origin), createCount)
  }

  read(labels: Readonly<Record<string, string>>): Series[] {
    const values = new Map<string, Series>()
    for (const [key, { value }] of this.counts) {
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

/** Counts answers by class of status and by who made them. */
export class ClassCounts {
  /** By twice the class, and one more for an answer of Keyway's. */
  private readonly counts = new Map<number, Count>()

  /** Where an answer is counted. */
  of({ status, origin }: ExchangeRecord): Count {
    return entryOf(this.counts, 2 * Math.floor(status / 100) + indexOf(origin), createCount)
  }

  read(labels: Readonly<Record<string, string>>): Series[] {
    const inOrder = [...this.counts].sort(([a], [b]) => a - b)
    return inOrder.map(([key, { value }]) => {
      const origin = ORIGINS[key & 1] as Origin
      return { labels: { ...labels, status_class: classLabel(key >> 1), origin }, value }
    })
  }
}
