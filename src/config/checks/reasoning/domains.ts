import type { Subject } from './formula.ts'
import type { TextAtom, TextAtoms } from './text/text-atom.ts'

/** The texts that can stand in one place, as far as that is known; what is not among them never does. */
export interface Domain {
  readonly isAlwaysPresent: boolean
  readonly wanted: readonly TextAtom[]
  /** What is excluded too, and seldom matters: looked at where a text is found that breaks it. */
  readonly unwanted: readonly TextAtom[]
  /** What may stand there and is taken only where nothing else fits: others may read it otherwise. */
  readonly avoided: readonly TextAtom[]
}

/** Looks up the domain of a subject. */
export type FindDomain = (subject: Subject) => Domain

const METHOD = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"
const PATH = '^/[^\\x00-\\x20\\x7f#?]*$'
/** Segments that lead elsewhere, which are refused; and what is decoded before anything is matched. */
const NEVER_IN_PATH = ['/\\.\\.?(?:[;/]|$)', '(?i)%(?:2d|2e|5f|7e|3[0-9]|[46][1-9a-f]|[57][0-9a])']
/** Doubled slashes, and what is taken for a slash or cut off by some. */
const AVOIDED_IN_PATH = '//|[%;\\\\]'
/** Lower case, without port, and without the dot at its end. */
const HOST = '^(?:\\[[^\\]A-Z]*\\]|[^:\\[A-Z][^:A-Z]*)?$'
const FIELD = '^(?:[!-~\\x80-\\xff][\\t -~\\x80-\\xff]*)?$'

/** Creates the domains of all subjects; `clients` are the names that a client may have, null: any. */
export function createDomains(atoms: TextAtoms, clients: readonly string[] | null): FindDomain {
  const domain = (wanted: TextAtom[], unwanted: TextAtom[] = []): Domain => ({
    isAlwaysPresent: false,
    wanted,
    unwanted,
    avoided: [],
  })
  const always = (wanted: string, unwanted: readonly string[]): Domain => ({
    ...domain([atoms.matches(wanted)], unwanted.map(atoms.matches)),
    isAlwaysPresent: true,
  })
  const domains = {
    method: always(METHOD, []),
    path: { ...always(PATH, NEVER_IN_PATH), avoided: [atoms.matches(AVOIDED_IN_PATH)] },
    host: { ...always(HOST, []), avoided: [atoms.suffix('.')] },
    credential: domain([]),
    'client-name': domain(clients === null ? [] : [atoms.oneOf(clients)]),
  }
  const field = domain([atoms.matches(FIELD)])
  const parameter = domain([])
  return (subject) => {
    if (Object.hasOwn(domains, subject)) return domains[subject as keyof typeof domains]
    return subject.startsWith('header ') ? field : parameter
  }
}
