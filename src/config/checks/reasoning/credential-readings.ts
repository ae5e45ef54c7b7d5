import { OPAQUE_SCHEMES } from '../../language/schemes.ts'
import { splitBasic } from '../../naming/prefix-table.ts'
import type { Domain } from './domains.ts'
import { type Facts, factsOf, leftOf } from './facts.ts'
import { type FindIn, isAllowed, type TextSearch } from './find-sample.ts'
import type { TextAtom, TextAtoms } from './text/text-atom.ts'
import { CantTell } from './verdict.ts'

/**
 * How a credential's value is written: as one token, under a scheme that it is bound to, or as Basic,
 * in which user and password are encoded.
 */
export type Reading = 'token' | 'bound' | 'basic'

/** A value that facts allow, and how it is written. */
export interface CredentialSample {
  readonly value: string
  readonly reading: Reading
}

/** Where schemes are thought of that a condition does not name. */
export type Thoroughness = 'possible' | 'where named'

/** Finds a credential of which some facts are known; null: there is none. Throws CantTell. */
export type FindCredential = (facts: Facts) => CredentialSample | null

/** What no token holds, and what is trimmed off: white space as JavaScript has it, and commas. */
const SPACES =
  '\\s\\v\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'

/** One of those that stand behind a scheme in place of a token; in quotes there may be anything. */
const PARAMETER = `[^${SPACES},="]+[${SPACES}]*=[${SPACES}]*[^${SPACES},"]*`

const DOMAINS: Readonly<Record<Reading, string>> = {
  token: `^[^${SPACES},]+$`,
  bound: `^(?:[^${SPACES},]+|[${SPACES},]*(?:${PARAMETER}(?:[${SPACES},]+|$))+|.*".*)$`,
  basic: '^[A-Za-z0-9+/_-]+={0,2}$',
}

/** A password is whatever Basic's encoding hides, byte for byte. */
const PASSWORD = { any: '^[\\x00-\\xff]*$', unreadable: '[^!-~]|^$' }

/** Creates the search for credentials. */
export function createFindCredential(
  atoms: TextAtoms,
  findIn: FindIn,
  thoroughness: Thoroughness,
): FindCredential {
  const domainOf = (pattern: string, avoided: readonly string[] = []): Domain => ({
    isAlwaysPresent: false,
    wanted: [atoms.matches(pattern)],
    unwanted: [],
    avoided: avoided.map(atoms.matches),
  })
  const { token, bound, basic } = DOMAINS
  const domains = { token: domainOf(token), bound: domainOf(bound), basic: domainOf(basic) }
  const passwords = domainOf(PASSWORD.any, [PASSWORD.unreadable])
  /** A text that hides a password of a kind that facts allow. */
  const findBasic = (facts: Facts): string | null => {
    const known = factsOf(facts, 'credential')
    const start = findIn(domains.basic, known)
    const password = findIn(passwords, kindsOf(facts, atoms))
    if (start === null || password === null) return null
    const hidden = encodeBasic(`:${password}`)
    const found = [hidden, padded(start) + hidden, start].find(
      (text) =>
        isAllowed(text, domains.basic, known) &&
        isAllowed(passwordIn(text), passwords, kindsOf(facts, atoms)),
    )
    if (found === undefined) throw new CantTell('a password is not looked for in Basic credentials')
    return found
  }
  return (facts) => {
    let doubt: CantTell | null = null
    for (const reading of readingsOf(facts, thoroughness)) {
      try {
        const value =
          reading === 'basic' ? findBasic(facts) : findIn(domains[reading], withKinds(facts, atoms))
        if (value !== null) return { value, reading }
      } catch (error) {
        if (!(error instanceof CantTell)) throw error
        doubt = error
      }
    }
    if (doubt !== null) throw doubt
    return null
  }
}

/** So that what follows is read as it is encoded. */
function padded(start: string): string {
  return start.replace(/=+$/, '').padEnd(Math.ceil(start.length / 4) * 4, 'x')
}

function encodeBasic(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64')
}

function passwordIn(text: string): string {
  return splitBasic(Buffer.from(text, 'base64').toString('latin1')).password
}

function readingsOf({ facets }: Facts, thoroughness: Thoroughness): readonly Reading[] {
  const left = leftOf(facets.scheme)
  const isLeft = (name: string): boolean =>
    left?.includes(name) ?? !facets.scheme.except.includes(name)
  const readings: Reading[] = ['none', ...OPAQUE_SCHEMES].some(isLeft) ? ['token'] : []
  const isOther = (name: string): boolean =>
    name !== 'none' && name !== 'basic' && !OPAQUE_SCHEMES.has(name)
  // Conditions that leave no scheme of a token mean the others, without their names.
  const isThoughtOf = thoroughness === 'possible' || readings.length === 0
  if (left?.includes('basic') ?? (isThoughtOf && isLeft('basic'))) readings.push('basic')
  if (left?.some(isOther) ?? isThoughtOf) readings.push('bound')
  return readings
}

/** The kind of a credential is told by its value. */
function withKinds(facts: Facts, atoms: TextAtoms): TextSearch {
  const { wanted, unwanted } = factsOf(facts, 'credential')
  const kinds = kindsOf(facts, atoms)
  return {
    wanted: [...wanted, ...kinds.wanted],
    unwanted: [...unwanted, ...kinds.unwanted],
  }
}

function kindsOf(facts: Facts, atoms: TextAtoms): TextSearch {
  const known: { wanted: TextAtom[]; unwanted: TextAtom[] } = { wanted: [], unwanted: [] }
  for (const facet of ['kind', 'other kind'] as const) {
    const { among, except } = facts.facets[facet]
    if (among !== null) known.wanted.push(atoms.kinds(among, facet))
    if (except.length > 0) known.unwanted.push(atoms.kinds(except, facet))
  }
  return known
}
