import { DEFAULT_PLACES } from '../../../language/credential-places.ts'
import { formatPlace, parsePlace } from '../../../language/place.ts'
import { OPAQUE_SCHEMES } from '../../../language/schemes.ts'
import type { Place } from '../../../shapes/normal-config.ts'
import type { CredentialSample } from '../credential-readings.ts'
import { type Facts, factsOf, holderOf, leftOf, sourcesLeft, type TextFacts } from '../facts.ts'
import type { Subject } from '../formula.ts'
import type { Reasoner } from '../reasoner.ts'

/** A credential, and the text that stands in its place. */
export interface WrittenCredential {
  readonly place: Place
  readonly text: string
  readonly value: string
  /** What else holds it. */
  readonly repeatedIn: ReadonlySet<Subject>
}

/** Writes a credential where and as the facts let it stand, and alone in others of its `holders` that are there; null: nowhere. Throws CantTell. */
export function writeCredential(
  facts: Facts,
  reasoner: Reasoner,
  holders: ReadonlySet<Subject> = new Set(),
): WrittenCredential | null {
  for (const place of placesOf(facts)) {
    const holder = holderOf(formatPlace(place))
    const repeatedIn = new Set(
      [...holders].filter((one) => one !== holder && factsOf(facts, one).isPresent === true),
    )
    const known = withTexts(facts, repeatedIn)
    const written = writeAt(place, factsOf(facts, holder), known, reasoner)
    if (written !== null) return { place, ...written, repeatedIn }
  }
  return null
}

/** What is asked of other texts is asked of the credential. */
function withTexts(facts: Facts, others: ReadonlySet<Subject>): Facts {
  if (others.size === 0) return facts
  const all = ['credential' as const, ...others].map((subject) => factsOf(facts, subject))
  const credential: TextFacts = {
    isPresent: true,
    wanted: all.flatMap(({ wanted }) => wanted),
    unwanted: all.flatMap(({ unwanted }) => unwanted),
  }
  return { ...facts, texts: new Map(facts.texts).set('credential', credential) }
}

type WrittenText = Pick<WrittenCredential, 'text' | 'value'>

function writeAt(
  place: Place,
  held: TextFacts,
  facts: Facts,
  reasoner: Reasoner,
): WrittenText | null {
  if (held.wanted.length > 0 || held.unwanted.length > 0)
    return textWithin(held, place, facts, reasoner)
  const sample = reasoner.credentialOf(facts)
  if (sample === null) return null
  const { value, reading } = sample
  const text = textOf(value, facts, schemesFor(reading, place, facts)[0])
  return text === null ? null : { text, value }
}

/** Those in a header or parameter that a condition asks for come first: what it asks is asked of the credential. */
function placesOf(facts: Facts): readonly Place[] {
  const { except } = facts.facets.source
  const names = sourcesLeft(facts) ?? DEFAULT_PLACES.map(formatPlace)
  const isWanted = (name: string): boolean => factsOf(facts, holderOf(name)).isPresent === true
  const isFree = (name: string): boolean => factsOf(facts, holderOf(name)).isPresent === null
  const left = names.filter((name) => !except.includes(name))
  return [...left.filter(isWanted), ...left.filter(isFree)]
    .map(parsePlace)
    .filter(({ in: sort }) => sort !== 'subprotocol')
}

/** A text of a place of which conditions ask something too: both are looked for together. */
function textWithin(
  held: TextFacts,
  place: Place,
  facts: Facts,
  reasoner: Reasoner,
): WrittenText | null {
  const { atoms } = reasoner
  const known = factsOf(facts, 'credential')
  for (const scheme of SEARCHED.flatMap((reading) => schemesFor(reading, place, facts)))
    for (const start of startsOf(scheme)) {
      const before = place.in === 'cookie' ? `${place.name}=${start}` : start
      const behind = (list: TextFacts['wanted']): TextFacts['wanted'] =>
        list.map((atom) => atoms.behind(before, atom))
      const asked: TextFacts = {
        isPresent: true,
        wanted: [...known.wanted, ...behind(held.wanted)],
        unwanted: [...known.unwanted, ...behind(held.unwanted)],
      }
      const sample = reasoner.credentialOf({
        ...facts,
        texts: new Map(facts.texts).set('credential', asked),
        facets: { ...facts.facets, scheme: { among: [scheme], except: [] } },
      })
      if (sample !== null) return { text: start + sample.value, value: sample.value }
    }
  return null
}

const SEARCHED = ['token', 'basic', 'bound'] as const

/** What stands before a credential under a scheme. */
function startsOf(scheme: string): readonly string[] {
  return scheme === 'none' ? [''] : [`${written(scheme)} `, `${scheme} `]
}

function textOf(value: string, facts: Facts, scheme: string | undefined): string | null {
  if (scheme === undefined) return null
  if (scheme === 'token' && facts.flags.get('parameters') === true)
    return `Token token="${value}", region="x"`
  return scheme === 'none' ? value : `${written(scheme)} ${value}`
}

/** Schemes under which a credential may stand, the usual ones first; only Authorization carries one that is bound to its scheme. */
function schemesFor(
  reading: CredentialSample['reading'],
  place: Place,
  facts: Facts,
): readonly string[] {
  const isAuthorization = place.in === 'header' && place.name === 'authorization'
  const usual = reading === 'token' ? tokenSchemes(isAuthorization) : BOUND[reading]
  const schemes = schemesAmong(usual, facts)
  const isBare = (name: string): boolean => name === 'none' || OPAQUE_SCHEMES.has(name)
  return isAuthorization ? schemes : schemes.filter(isBare)
}

function schemesAmong(usual: readonly string[], { facets: { scheme } }: Facts): readonly string[] {
  const left = leftOf(scheme)
  if (left === null) return usual.filter((name) => !scheme.except.includes(name))
  const known = usual.filter((name) => left.includes(name))
  return known.length > 0 ? known : left
}

function tokenSchemes(isAuthorization: boolean): readonly string[] {
  return isAuthorization ? ['bearer', 'none', 'token'] : ['none', 'bearer', 'token']
}

const BOUND = { bound: ['digest', 'hawk', 'oauth'], basic: ['basic'] }

function written(scheme: string): string {
  return scheme.charAt(0).toUpperCase() + scheme.slice(1)
}
