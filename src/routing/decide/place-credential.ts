import type { NormalKind, NormalPlacement, Place } from '../../config/shapes/normal-config.ts'
import type { Credential } from '../../credentials/credential.ts'
import { writeCredential } from '../../credentials/placement.ts'
import { appendQuery, countQuery, removeQuery } from '../../http/request-target.ts'
import { isFieldValue } from '../rules/header-operations.ts'
import type { RequestContext, UsedSecret } from '../rules/request-context.ts'
import type { Target } from '../rules/rewrite.ts'
import type { Route, Use } from '../rules/route.ts'

/** The one credential that leaves; `place` is null where none does. */
export interface OutgoingCredential {
  readonly place: Place | null
  /** The field's or parameter's whole value. */
  readonly text: string
  /** Kind of what leaves; null: none, or an injected one that the catalogue does not know. */
  readonly kind: NormalKind | null
  /** Whether the client's bytes leave in the client's place. */
  readonly isAsItCame: boolean
  /** The secret that it is; null: the client's own. */
  readonly secret: UsedSecret | null
}

const NONE: OutgoingCredential = {
  place: null,
  text: '',
  kind: null,
  isAsItCame: false,
  secret: null,
}

/** Decides which credential leaves, and where: this is the line. null: a secret can't be had. */
export function chooseOutgoing(
  use: Use | null,
  context: RequestContext,
  classify: (value: string) => NormalKind,
): OutgoingCredential | null {
  const { credential } = context
  if (use?.placement.place === 'none') return NONE
  if (use?.value && use.isOperators) return inject(use, use.value(context), context, classify)
  if (credential !== null && !isMoved(credential, use)) return asItCame(credential)
  if (use?.value) return inject(use, use.value(context), context, classify)
  if (credential === null || use === null) return NONE
  return placed(use.placement, credential.value, credential.kind)
}

/** A credential that is bound to its scheme stays where it is, unless the rule names the scheme. */
function isMoved({ isOpaque }: Credential, use: Use | null): boolean {
  return use !== null && (isOpaque || use.namesScheme)
}

function asItCame({ place, raw, kind }: Credential): OutgoingCredential {
  return { place, text: raw, kind, isAsItCame: true, secret: null }
}

/** Writes a value of the file's. What is made of the client's bytes must be of a kind that is accepted. */
function inject(
  { placement, isOperators }: Use,
  value: string | null,
  context: RequestContext,
  classify: (value: string) => NormalKind,
): OutgoingCredential | null {
  if (value === '' && context.credential === null) return NONE
  if (!value || !isFieldValue(value)) return null
  const kind = classify(value)
  const known = isOperators && kind.name === 'unknown' ? null : kind
  return { ...placed(placement, value, known), secret: context.secret }
}

function placed(
  placement: NormalPlacement,
  value: string,
  kind: NormalKind | null,
): OutgoingCredential {
  if (placement.place === 'none') return NONE
  const { place, scheme } = placement
  return { place, text: writeCredential(scheme, value), kind, isAsItCame: false, secret: null }
}

/** Writes a credential into fields from which every place has been cleared; not for a query. */
export function writeCredentialField(fields: string[], { place, text }: OutgoingCredential): void {
  if (place?.in === 'header') fields.push(place.name, text)
}

/** Clears every credential parameter and writes the one that leaves; as it came, nothing moves. */
export function writeCredentialQuery(
  target: Target,
  route: Route,
  outgoing: OutgoingCredential,
): Target {
  const { place, text, isAsItCame } = outgoing
  const isQuery = place?.in === 'query'
  const { credentialQueries } = route
  if (!isQuery && credentialQueries.size === 0) return target
  if (isQuery && isAsItCame && countQuery(target.query, credentialQueries) === 1) return target
  const cleared = removeQuery(target.query, credentialQueries)
  if (!isQuery) return { path: target.path, query: cleared }
  const bare = removeQuery(cleared, new Set([place.name]))
  return { path: target.path, query: appendQuery(bare, place.name, text) }
}
