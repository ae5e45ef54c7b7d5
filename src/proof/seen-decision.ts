import { formatPlace } from '../config/language/place.ts'
import { OPAQUE_SCHEMES } from '../config/language/schemes.ts'
import type { Decision } from '../routing/decide/decision.ts'

/** What is told of a decision that was made somewhere: names that the file, the catalogue and Keyway give, and nothing of a request. */
export interface SeenDecision {
  readonly route: string | null
  readonly rule: string | null
  readonly branch: 'then' | 'else' | null
  readonly end: SeenEnd
  /** null: there was none. */
  readonly credential: SeenCredential | null
  readonly client: string | null
}

/** Where it led. */
export type SeenEnd =
  | { readonly upstream: string }
  | { readonly status: number; readonly code: string }

/** What is told of the client's credential. */
export interface SeenCredential {
  readonly kind: string
  /** Where it stood, in the file's words. */
  readonly source: string
  /** null: a bare value. */
  readonly scheme: string | null
}

/** What is told of a decision. */
export function seenOf(decision: Decision): SeenDecision {
  const { route, rule, branch } = decision
  const { credentialKind: kind, credentialPlace: place, credentialScheme: scheme } = decision
  const end =
    decision.action === 'forward'
      ? { upstream: decision.upstream.config.name }
      : { status: decision.status, code: decision.code }
  const credential =
    kind === null || place === null ? null : { kind, source: formatPlace(place), scheme }
  return { route, rule, branch, end, credential, client: decision.client?.name ?? null }
}

/** Equal for decisions of which the same is told. */
export function keyOfSeen(seen: SeenDecision): string {
  const { source = null, scheme = null } = seen.credential ?? {}
  return JSON.stringify([keyOfEnd(seen), source, scheme])
}

/** Equal for decisions to the same end, wherever an opaque credential stood. */
export function keyOfEnd({ route, rule, branch, end, credential, client }: SeenDecision): string {
  const where = 'upstream' in end ? [end.upstream] : [end.status, end.code]
  const what = credential && [credential.kind, boundScheme(credential)]
  return JSON.stringify([route, rule, branch, where, what, client])
}

/** The scheme that a credential can't do without; null: there is none. */
export function boundScheme({ scheme }: SeenCredential): string | null {
  return scheme === null || OPAQUE_SCHEMES.has(scheme) ? null : scheme
}
