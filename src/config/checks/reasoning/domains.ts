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
/** Bytes that a target may hold. */
const PATH = '^/[!"$->@-~]*$'
/** Segments that lead elsewhere, which are refused. */
const DOT_SEGMENTS = '/\\.\\.?(?:[;/]|$)'
/** What is decoded before anything is matched: it is left over only of what is encoded twice in one, such as `%%341`. */
const DECODED = '(?i)%(?:2d|2e|5f|7e|3[0-9]|[46][1-9a-f]|[57][0-9a])'
/** Doubled slashes, and what is taken for a slash or cut off by some. */
const AVOIDED_IN_PATH = '//|[%;\\\\]'
/** Lower case, without port, and without the dot at its end. */
const HOST =
  '^(?:\\[[\\t -@[\\\\^-~\\x80-\\xff]*\\]|[!-9;-@\\\\-~\\x80-\\xff][\\t -9;-@[-~\\x80-\\xff]*)?$'
/** As names are written in a file. */
const NAME = '^[A-Za-z0-9][A-Za-z0-9._-]*$'
/** White space around it is no part of a field; behind the last comma it is, where the last of several fields is empty. */
const FIELD =
  '^(?:[!-~\\x80-\\xff](?:[\\t -~\\x80-\\xff]*[!-~\\x80-\\xff])?|(?:[!-~\\x80-\\xff][\\t -~\\x80-\\xff]*)?, )?$'

/** What is known of requests before anything is looked at. */
export interface DomainSettings {
  /** Names that clients can have; null: any. */
  readonly clients: readonly string[] | null
  /** Whether every request that gets to a rule is a client's. */
  readonly hasClient?: boolean
  /** Whether a route matches paths as they come alone; else those that may be read in two ways are refused. */
  readonly hasExactPaths?: boolean
}

/** Creates the domains of all subjects. */
export function createDomains(
  atoms: TextAtoms,
  { clients, hasClient = false, hasExactPaths = false }: DomainSettings,
): FindDomain {
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
    path: {
      ...always(PATH, hasExactPaths ? [DOT_SEGMENTS] : [DOT_SEGMENTS, DECODED]),
      avoided: [atoms.matches(AVOIDED_IN_PATH)],
    },
    host: { ...always(HOST, []), avoided: [atoms.suffix('.'), atoms.prefix('.')] },
    credential: domain([]),
    'client-name': {
      ...domain([clients === null ? atoms.matches(NAME) : atoms.oneOf(clients)]),
      isAlwaysPresent: hasClient,
    },
  }
  // What is empty is taken by some for what is not there.
  const avoided = [atoms.oneOf([''])]
  const field = { ...domain([atoms.matches(FIELD)]), avoided: [...avoided, atoms.suffix(' ')] }
  const parameter = { ...domain([]), avoided }
  return (subject) => {
    if (Object.hasOwn(domains, subject)) return domains[subject as keyof typeof domains]
    return subject.startsWith('header ') ? field : parameter
  }
}
