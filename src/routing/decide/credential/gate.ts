import { namesIn } from '../../../config/language/place.ts'
import type { NormalKind, Place } from '../../../config/shapes/normal-config.ts'
import { readField } from '../../../credentials/read-field.ts'
import type { KindTeller } from '../../../credentials/kind-teller.ts'
import { WrittenValue } from '../../../credentials/show/hide-value.ts'
import { lowerName } from '../../../http/fields/header-names.ts'
import { queryPairs } from '../../../http/target/request-target.ts'
import type { RequestContext } from '../../rules/request-context.ts'
import type { Destination } from '../../rules/route.ts'
import type { Forward } from '../decision.ts'
import type { OutgoingCredential } from './outgoing-credential.ts'

/** A credential that must not leave as it would, or at all. */
export interface Leak {
  /** null: it is the client's token. */
  readonly kind: NormalKind | null
  /** Where it stands, such as `the header x-echo`. */
  readonly where: string
  /** `misplaced`: it may leave, but not from a place where nobody looked for it. */
  readonly reason: 'never' | 'not accepted' | 'misplaced'
}

/** Looks at a request as it would leave; null: it may. */
export type Gate = (
  forward: Forward,
  destination: Destination,
  leaving: readonly OutgoingCredential[],
  context: RequestContext,
) => Leak | null

/** The shortest text that holds a credential: a prefix, and what makes it one. */
const SHORTEST = 8
/** Methods and names of fields are hardly ever as long as a credential that somebody took for one. */
const SHORTEST_WORD = 20

const PROTOCOL = 'sec-websocket-protocol'

/**
 * Builds the last look before a request leaves: whatever the rules, the operations and the templates
 * have made of it, each credential that the catalogue can name is of a kind that the upstream
 * accepts, and none stands in a parameter or a subprotocol where it was not put on purpose.
 */
export function createGate(teller: KindTeller, places: readonly Place[]): Gate {
  const queries: ReadonlySet<string> = new Set(namesIn('query', places))
  const mayTell = compileMayTell(queries)
  return (forward, destination, leaving, context) => {
    const { headers, target } = forward
    const { isRefused } = destination
    const request: Outgoing = { headers, target, isRefused, leaving, context }
    return (
      findInSecrets(request, teller) ??
      findInFields(request, teller) ??
      findInTarget(request, teller) ??
      findInMethod(request, teller) ??
      (mayTell.test(request.target) ? findInQuery(request, teller, queries) : null) ??
      findInSubprotocols(request, teller) ??
      findClientToken(request)
    )
  }
}

/** A request that is ready to leave, and what it is judged by. */
interface Outgoing {
  readonly headers: readonly string[]
  readonly target: string
  readonly isRefused: Destination['isRefused']
  readonly leaving: readonly OutgoingCredential[]
  readonly context: RequestContext
}

function findInSecrets({ context, isRefused }: Outgoing, { classify }: KindTeller): Leak | null {
  for (const { name, value } of context.secrets) {
    const kind = classify(value)
    if (kind.name !== 'unknown' && isRefused(kind, value))
      return refused(kind, `the secret ${name}`)
  }
  return null
}

function findInFields({ headers, isRefused }: Outgoing, { scanner }: KindTeller): Leak | null {
  // Hot: a loop by hand.
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    const value = headers[i + 1] as string
    const kind = value.length < SHORTEST ? null : scanner.find(value, isRefused)
    if (kind !== null) return refused(kind, `the header ${lowerName(name)}`)
    const named = name.length < SHORTEST_WORD ? null : scanner.find(name, isRefused)
    if (named !== null) return refused(named, "a header's name")
  }
  return null
}

function findInTarget({ target, isRefused }: Outgoing, { scanner }: KindTeller): Leak | null {
  const kind = target.length < SHORTEST ? null : scanner.find(target, isRefused)
  return kind && refused(kind, 'the path or the query')
}

function findInMethod({ context, isRefused }: Outgoing, { scanner }: KindTeller): Leak | null {
  const { method } = context.request
  const kind = method.length < SHORTEST_WORD ? null : scanner.find(method, isRefused)
  return kind && refused(kind, 'the method')
}

function findInQuery(
  { target, isRefused, leaving, context }: Outgoing,
  teller: KindTeller,
  queries: ReadonlySet<string>,
): Leak | null {
  const mark = target.indexOf('?')
  if (mark < 0) return null
  for (const [name, value] of queryPairs(target.slice(mark + 1))) {
    const kind = kindInParameter(name, value, teller, queries)
    if (kind === null) continue
    const where = `the query parameter ${name}`
    if (isRefused(kind, value)) return refused(kind, where)
    const isPlaced = leaving.some(({ place }) => place?.in === 'query' && place.name === name)
    const isMeant = isPlaced || context.isSecret(value)
    if (!isMeant) return { kind, where, reason: 'misplaced' }
  }
  return null
}

const namedSchemes: ReadonlySet<string> = new Set()

/** Names of parameters that say themselves what stands in them, such as `openai_api_key` and `accessToken`. */
const TELLING_NAME = /(?:key|token|secret|passw(?:or)?d|auth(?:orization)?|bearer|credentials?)$/i

/** A telling name has one of these words in it, unless it is encoded. */
const TELLING_WORDS = 'key|token|secret|passw|auth|bearer|credential|%|\\+'

/** Matches each target with a parameter whose name tells something, and few others. */
function compileMayTell(queries: ReadonlySet<string>): RegExp {
  const names = [...queries].map((name) => name.replaceAll(/[^\w-]/g, '\\$&'))
  return new RegExp([TELLING_WORDS, ...names].join('|'), 'i')
}

/** The kind of what a parameter holds: of any value where credentials are known to stand, else of a likely one. */
function kindInParameter(
  name: string,
  value: string,
  { classify, scanner }: KindTeller,
  queries: ReadonlySet<string>,
): NormalKind | null {
  if (queries.has(name)) {
    // Behind a scheme it is one too, as it is to a route that looks there.
    const reading = readField({ in: 'query', name }, value, { classify, scanner, namedSchemes })
    if (reading === null) return null
    const kind = reading === 'malformed' ? classify(value) : reading.kind
    return kind.name === 'unknown' ? null : kind
  }
  const piece = TELLING_NAME.test(name) ? scanner.next(value, 0, 'sent') : null
  return piece?.start === 0 ? piece.kind : null
}

function findInSubprotocols(
  { headers, leaving, context }: Outgoing,
  { scanner }: KindTeller,
): Leak | null {
  const isPlaced = leaving.some(({ place }) => place?.in === 'subprotocol')
  if (isPlaced || !context.names.includes(PROTOCOL)) return null
  // Hot: a loop by hand.
  for (let i = 0; i < headers.length; i += 2) {
    if (lowerName(headers[i] as string) !== PROTOCOL) continue
    const kind = scanner.find(headers[i + 1] as string, () => true)
    if (kind) return { kind, where: `the header ${PROTOCOL}`, reason: 'misplaced' }
  }
  return null
}

/** The client's own token in what it sent beside it; the places of tokens are cleared long since. */
function findClientToken({ headers, target, context }: Outgoing): Leak | null {
  const { clientToken: token } = context
  if (token === null) return null
  const written = new WrittenValue(token)
  if (written.isIn(target)) return { kind: null, where: 'the path or the query', reason: 'never' }
  if (written.isIn(context.request.method))
    return { kind: null, where: 'the method', reason: 'never' }
  // Hot: a loop by hand.
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    if (written.isIn(name)) return { kind: null, where: "a header's name", reason: 'never' }
    if (written.isIn(headers[i + 1] as string))
      return { kind: null, where: `the header ${lowerName(name)}`, reason: 'never' }
  }
  return null
}

function refused(kind: NormalKind, where: string): Leak {
  return { kind, where, reason: kind.forward === 'never' ? 'never' : 'not accepted' }
}
