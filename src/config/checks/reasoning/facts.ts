import { parsePlace } from '../../language/place.ts'
import type { Facet, Literal, Subject } from './formula.ts'
import type { Network } from './networks.ts'
import type { TextAtom } from './text/text-atom.ts'

/** What is known of one text. */
export interface TextFacts {
  /** null: nothing. */
  readonly isPresent: boolean | null
  readonly wanted: readonly TextAtom[]
  readonly unwanted: readonly TextAtom[]
}

/** What is known of a choice among names. */
export interface FacetFacts {
  /** null: any. */
  readonly among: readonly string[] | null
  readonly except: readonly string[]
}

/** What is known of a request. */
export interface Facts {
  readonly texts: ReadonlyMap<Subject, TextFacts>
  readonly facets: Readonly<Record<Facet, FacetFacts>>
  readonly address: {
    readonly wanted: readonly (readonly Network[])[]
    readonly unwanted: readonly (readonly Network[])[]
  }
  readonly flags: ReadonlyMap<string, boolean>
}

const OPEN_TEXT: TextFacts = { isPresent: null, wanted: [], unwanted: [] }
const OPEN_FACET: FacetFacts = { among: null, except: [] }

/** Nothing is known. */
export const NO_FACTS: Facts = {
  texts: new Map(),
  facets: { kind: OPEN_FACET, 'other kind': OPEN_FACET, scheme: OPEN_FACET, source: OPEN_FACET },
  address: { wanted: [], unwanted: [] },
  flags: new Map(),
}

/** What is known of a subject. */
export function factsOf(facts: Facts, subject: Subject): TextFacts {
  return facts.texts.get(subject) ?? OPEN_TEXT
}

/** Adds what a literal says; null where that plainly contradicts what is known. */
export function addFact(facts: Facts, literal: Literal): Facts | null {
  switch (literal.type) {
    case 'present':
      return withPresence(facts, literal)
    case 'text':
      return withText(facts, literal)
    case 'facet':
      return withFacet(facts, literal)
    case 'address': {
      const side = literal.holds ? 'wanted' : 'unwanted'
      const { address } = facts
      return { ...facts, address: { ...address, [side]: [...address[side], literal.networks] } }
    }
    case 'flag': {
      const known = facts.flags.get(literal.name)
      if (known !== undefined) return known === literal.holds ? facts : null
      return { ...facts, flags: new Map(facts.flags).set(literal.name, literal.holds) }
    }
  }
}

function withPresence(
  facts: Facts,
  { subject, holds }: Pick<Extract<Literal, { type: 'present' }>, 'subject' | 'holds'>,
): Facts | null {
  const known = factsOf(facts, subject)
  if (known.isPresent !== null) return known.isPresent === holds ? facts : null
  return { ...facts, texts: new Map(facts.texts).set(subject, { ...known, isPresent: holds }) }
}

function withText(
  facts: Facts,
  { subject, atom, holds }: Extract<Literal, { type: 'text' }>,
): Facts | null {
  const present = holds ? withPresence(facts, { subject, holds: true }) : facts
  if (present === null) return null
  const known = factsOf(present, subject)
  if (known.isPresent === false) return present
  const side = holds ? 'wanted' : 'unwanted'
  if (known[holds ? 'unwanted' : 'wanted'].includes(atom)) return null
  if (known[side].includes(atom)) return present
  const next = { ...known, [side]: [...known[side], atom] }
  return { ...present, texts: new Map(present.texts).set(subject, next) }
}

function withFacet(
  facts: Facts,
  { facet, names, holds }: Extract<Literal, { type: 'facet' }>,
): Facts | null {
  const present = holds ? withPresence(facts, { subject: 'credential', holds: true }) : facts
  if (present === null) return null
  const { among, except } = present.facets[facet]
  const next: FacetFacts = holds
    ? { among: among?.filter((name) => names.includes(name)) ?? names, except }
    : { among, except: [...except, ...names] }
  return { ...present, facets: { ...present.facets, [facet]: next } }
}

/** The names that are left to choose from; null: any but `except`. */
export function leftOf({ among, except }: FacetFacts): readonly string[] | null {
  return among?.filter((name) => !except.includes(name)) ?? null
}

/** The places in which a credential may be found: none in a header or parameter that is not there; null: in any. */
export function sourcesLeft({ facets, texts }: Facts): readonly string[] | null {
  const left = leftOf(facets.source)
  const isMissing = (name: string): boolean => texts.get(holderOf(name))?.isPresent === false
  return left?.some(isMissing) ? left.filter((name) => !isMissing(name)) : left
}

/** What holds the credential of a place: a cookie or subprotocol is a part of a header. */
export function holderOf(place: string): Subject {
  const { in: sort, name } = parsePlace(place)
  if (sort === 'cookie') return 'header cookie'
  return sort === 'subprotocol' ? 'header sec-websocket-protocol' : `${sort} ${name}`
}
