/** One kind of thing that did not hold. */
export interface Finding {
  /** What did not hold, the same words for the same fault. */
  readonly what: string
  readonly count: number
  /** Numbers of the first cases that showed it; empty: it belongs to no case. */
  readonly indexes: readonly number[]
  /** The first of them, for people. */
  readonly detail: string
}

/** What a run found. */
export interface Findings {
  readonly add: (what: string, index: number | null, detail: string) => void
  readonly count: () => number
  readonly list: () => readonly Finding[]
}

const KEPT_INDEXES = 8

/** Collects findings; of each kind the first is kept whole, of the rest the number of its case. */
export function createFindings(): Findings {
  const kinds = new Map<string, Finding>()
  return {
    add(what, index, detail) {
      const known = kinds.get(what) ?? { what, count: 0, indexes: [], detail }
      const indexes = index === null ? known.indexes : [...known.indexes, index]
      kinds.set(what, {
        ...known,
        count: known.count + 1,
        indexes: indexes.slice(0, KEPT_INDEXES),
      })
    },
    count: () => [...kinds.values()].reduce((sum, { count }) => sum + count, 0),
    list: () => [...kinds.values()],
  }
}
