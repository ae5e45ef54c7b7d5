import type { Domain } from './domains.ts'
import type { Facts } from './facts.ts'
import type { Subject } from './formula.ts'
import { findText } from './text/find-text.ts'
import type { TextAtom } from './text/text-atom.ts'
import { CantTell, type Meter } from './verdict.ts'

/** Steps that looking for one text may take. */
const STEPS = 60_000

/** Those of them that it may take to look only at what matters. */
const LAZY_STEPS = 20_000

/** Finds a text for a subject of which some facts are known: null, there is none to be had; undefined, none need be there. Throws CantTell. */
export type FindSample = (facts: Facts, subject: Subject) => string | null | undefined

/** Looks for a text in a domain, or remembers that it did. Throws CantTell. */
export type FindIn = (domain: Domain, facts: TextSearch) => string | null

/** Creates the search; the same question is answered from memory. */
export function createFindIn(meter: Meter): FindIn {
  const known = new Map<string, string | null | CantTell>()
  const exampleOf = createExampleOf(meter)
  const find = (domain: Domain, { wanted, unwanted }: TextSearch): string | null => {
    const all = { wanted: [...domain.wanted, ...wanted], unwanted }
    const whole = { ...all, unwanted: [...unwanted, ...domain.unwanted] }
    const best = { ...all, unwanted: [...whole.unwanted, ...domain.avoided] }
    const guess = wanted.map(exampleOf).find((text) => text !== null && meets(text, best))
    if (guess !== undefined) return guess
    const text = search(all, meter)
    if (text === null || meets(text, best)) return text
    const better = attempt(() => search(best, meter))
    if (typeof better === 'string') return better
    return meets(text, whole) ? text : search(whole, meter)
  }
  return (domain, facts) => {
    const key = [domain.wanted, facts.wanted, facts.unwanted].map(idsOf).join(':')
    let answer = known.get(key)
    if (answer === undefined) {
      answer = attempt(() => find(domain, facts))
      known.set(key, answer)
    }
    if (answer instanceof CantTell) throw answer
    return answer
  }
}

/** Whether a text is one that facts and a domain allow. */
export function isAllowed(text: string, domain: Domain, facts: TextSearch): boolean {
  return meets(text, {
    wanted: [...domain.wanted, ...facts.wanted],
    unwanted: [...domain.unwanted, ...facts.unwanted],
  })
}

function idsOf(atoms: readonly TextAtom[]): string {
  return atoms
    .map(({ id }) => id)
    .sort((a, b) => a - b)
    .join()
}

/** What a text is to be. */
export interface TextSearch {
  readonly wanted: readonly TextAtom[]
  readonly unwanted: readonly TextAtom[]
}

/** A text that an atom accepts, found once: mostly it meets what else is wanted, and nothing has to be searched. */
function createExampleOf(meter: Meter): (atom: TextAtom) => string | null {
  const known = new Map<number, string | null>()
  return (atom) => {
    const { id, values } = atom
    if (values !== null) return null
    let example = known.get(id)
    if (example === undefined) {
      const found = attempt(() =>
        findText([{ machine: atom.machine, isWanted: true }], meter, STEPS),
      )
      example = found instanceof CantTell ? null : found
      known.set(id, example)
    }
    return example
  }
}

function meets(text: string, { wanted, unwanted }: TextSearch): boolean {
  return (
    wanted.every(({ accepts }) => accepts(text)) && !unwanted.some(({ accepts }) => accepts(text))
  )
}

/** Texts that can be listed are tried; only else are the machines walked together. */
function search(demanded: TextSearch, meter: Meter): string | null {
  const { wanted, unwanted } = demanded
  const listed = wanted.find(({ values }) => values !== null)
  if (listed) return listed.values?.find((text) => meets(text, demanded)) ?? null
  const found = attempt(() => searchLazily(demanded, meter))
  return found instanceof CantTell ? walk(wanted, unwanted, meter, STEPS) : found
}

/** Leaves out what is unwanted until a text is found that it excludes: of hundreds of routes before one hardly any matters. */
function searchLazily({ wanted, unwanted }: TextSearch, meter: Meter): string | null {
  const end = meter.spent + LAZY_STEPS
  let looked: readonly TextAtom[] = []
  for (;;) {
    const text = walk(wanted, looked, meter, end - meter.spent)
    const broken = text === null ? [] : unwanted.filter(({ accepts }) => accepts(text))
    if (broken.length === 0) return text
    looked = [...looked, ...broken]
  }
}

function walk(
  wanted: readonly TextAtom[],
  unwanted: readonly TextAtom[],
  meter: Meter,
  steps: number,
): string | null {
  const demands = [
    ...wanted.map(({ machine }) => ({ machine, isWanted: true })),
    ...unwanted.map(({ machine }) => ({ machine, isWanted: false })),
  ]
  return findText(demands, meter, steps)
}

function attempt(look: () => string | null): string | null | CantTell {
  try {
    return look()
  } catch (error) {
    if (error instanceof CantTell) return error
    throw error
  }
}
