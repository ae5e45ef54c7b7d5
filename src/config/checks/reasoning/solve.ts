import { addFact, type Facts, leftOf, NO_FACTS, sourcesLeft } from './facts.ts'
import type { FindSample } from './find-sample.ts'
import { type Facet, type Formula, isLiteral, type Literal, type Subject } from './formula.ts'
import { findAddress } from './networks.ts'
import { CantTell, type Meter } from './verdict.ts'

/** Whether there is a request of which all formulas hold: with what it is like, or why there is no telling. */
export type Solution =
  | { readonly verdict: 'yes'; readonly facts: Facts }
  | { readonly verdict: 'no' }
  | { readonly verdict: "can't tell"; readonly reason: string }

const NO: Solution = { verdict: 'no' }

/** Branches that may be looked into for one question. */
const BRANCH_LIMIT = 4000

/** Steps after which no other branch is looked into, however few were: each may look at patterns without end. */
const STEP_LIMIT = 120_000

/** What a search goes by. */
export interface Solving {
  readonly findSample: FindSample
  readonly meter: Meter
  /** Whether a request that was found is one that is looked for. */
  readonly isWanted: (facts: Facts) => boolean
}

/** Looks for a request of which all formulas hold: it adds what must be so, and looks into what may be. */
export function solve(formulas: readonly Formula[], solving: Solving): Solution {
  const search: Search = {
    ...solving,
    end: solving.meter.spent + STEP_LIMIT,
    left: BRANCH_LIMIT,
    doubt: null,
  }
  const facts = extend({ facts: NO_FACTS, choices: [] }, formulas, search)
  const found = facts && choose(facts, search)
  if (found) return { verdict: 'yes', facts: found }
  return search.doubt === null ? NO : { verdict: "can't tell", reason: search.doubt }
}

interface Search extends Solving {
  /** What the meter may come to. */
  readonly end: number
  left: number
  /** Why a way could neither be gone nor left out. */
  doubt: string | null
}

/** What is known, and the choices that are still open. */
interface Way {
  readonly facts: Facts
  readonly choices: readonly (readonly Formula[])[]
}

/** Goes on by formulas that must all hold; null: that contradicts what is known. */
function extend(way: Way, formulas: readonly Formula[], search: Search): Way | null {
  let { facts } = way
  const choices = [...way.choices]
  const open = [...formulas]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === 'all') open.push(...next.of)
    else if (next.type === 'any') choices.push(next.of)
    else if (isLiteral(next)) {
      const more = addFact(facts, next)
      if (more === null || !isPossible(more, subjectOf(next), search)) return null
      facts = more
    }
  }
  return { facts, choices }
}

/** Settles the open choices one by one, the narrowest first; null: they can't all be settled. */
function choose(start: Way, search: Search): Facts | null {
  const way = narrow(start, search)
  if (way === null) return null
  const [first, ...rest] = [...way.choices].sort((a, b) => a.length - b.length)
  if (first === undefined)
    return isSure(way.facts, search) && search.isWanted(way.facts) ? way.facts : null
  for (const option of first) {
    search.left--
    if (search.left < 0 || search.meter.spent > search.end) {
      search.doubt ??= 'the conditions can be met in too many ways'
      return null
    }
    const next = extend({ facts: way.facts, choices: rest }, [option], search)
    const found = next && choose(next, search)
    if (found) return found
  }
  return null
}

/** Leaves out of each choice what can't be so, and takes what alone is left. */
function narrow(start: Way, search: Search): Way | null {
  let way = start
  for (;;) {
    const open: (readonly Formula[])[] = []
    const forced: Formula[] = []
    for (const options of way.choices) {
      const left = options.filter((option) => !isLiteral(option) || fits(way.facts, option, search))
      if (left.some((option) => isLiteral(option) && isKnown(way.facts, option))) continue
      const [only] = left
      if (only === undefined) return null
      if (left.length === 1) forced.push(only)
      else open.push(left)
    }
    if (forced.length === 0) return { facts: way.facts, choices: open }
    const next = extend({ facts: way.facts, choices: open }, forced, search)
    if (next === null) return null
    way = next
  }
}

function fits(facts: Facts, literal: Literal, search: Search): boolean {
  const more = addFact(facts, literal)
  return more !== null && isPossible(more, subjectOf(literal), search)
}

/** Whether a literal says nothing that is not known; that is seen where it is plain, and no more. */
function isKnown(facts: Facts, literal: Literal): boolean {
  return (
    addFact(facts, literal) === facts ||
    addFact(facts, { ...literal, holds: !literal.holds }) === null
  )
}

type Looked = Subject | 'address' | 'flag'

function subjectOf(literal: Literal): Looked {
  if (literal.type === 'facet') return 'credential'
  return literal.type === 'text' || literal.type === 'present' ? literal.subject : literal.type
}

/** Whether a subject can be as is known; where there is no telling it is taken for possible. */
function isPossible(facts: Facts, subject: Looked, search: Search): boolean {
  if (subject === 'flag') return true
  if (subject === 'address') return findAddress(facts.address) !== null
  if (mayLeaveNone(subject) && isWithoutChoice(facts)) return false
  try {
    return search.findSample(facts, subject) !== null
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    return true
  }
}

/** Whether what is known of a subject can rule a credential out: what stands in a header or parameter can, if that is missing. */
function mayLeaveNone(subject: Subject): boolean {
  return subject === 'credential' || subject.startsWith('header ') || subject.startsWith('query ')
}

/** Whether there is a credential, and no kind, scheme or place that it may have. */
function isWithoutChoice(facts: Facts): boolean {
  if (facts.texts.get('credential')?.isPresent !== true) return false
  return (
    sourcesLeft(facts)?.length === 0 ||
    FACETS.some((facet) => leftOf(facts.facets[facet])?.length === 0)
  )
}

const FACETS: readonly Facet[] = ['kind', 'other kind', 'scheme']

/** Whether each subject was shown to be possible. */
function isSure(facts: Facts, search: Search): boolean {
  try {
    for (const subject of facts.texts.keys()) search.findSample(facts, subject)
    return true
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    search.doubt ??= error.message
    return false
  }
}
