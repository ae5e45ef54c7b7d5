import { splitBasic } from '../../../config/naming/prefix-table.ts'
import type { NormalKind, NormalPlacement, Place } from '../../../config/shapes/normal-config.ts'
import type { Credential } from '../../../credentials/credential.ts'
import { writeCredential } from '../../../credentials/placement.ts'
import { isFieldValue } from '../../rules/header-operations.ts'
import type { RequestContext } from '../../rules/request-context.ts'
import type { Use } from '../../rules/route.ts'
import type { Template } from '../../rules/template.ts'
import type { OutgoingCredential } from './outgoing-credential.ts'

const NONE: OutgoingCredential = {
  place: null,
  text: '',
  value: '',
  kind: null,
  isAsItCame: false,
  secret: null,
}

/** Decides which credential leaves, and where: this is the line. null: a secret can't be had. */
export function chooseOutgoing(
  use: Use | null,
  credential: Credential | null,
  context: RequestContext,
  classify: (value: string) => NormalKind,
): OutgoingCredential | null {
  if (use?.placement.place === 'none') return NONE
  if (use?.value && use.isOperators) return inject(use, use.value, context, classify)
  if (credential !== null && !isMoved(credential, use)) return asItCame(credential)
  if (use?.value) return inject(use, use.value, context, classify)
  if (credential === null || use === null) return NONE
  return placed(use.placement, credential.value, credential.kind)
}

/**
 * Chooses what goes along: the client's own of a place where there is one, as it came or under the
 * scheme that is named, or another. null: one can't be had.
 */
export function chooseAlong(
  also: readonly Use[],
  context: RequestContext,
  classify: (value: string) => NormalKind,
): readonly OutgoingCredential[] | null {
  const along: OutgoingCredential[] = []
  for (const use of also) {
    const { placement, value } = use
    const own = value === null ? ownAt(placement, context) : null
    const outgoing = value === null ? own : inject(use, value, context, classify)
    if (outgoing === null && value !== null) return null
    if (outgoing !== null && outgoing.place !== null) along.push(outgoing)
  }
  return along
}

function ownAt(placement: NormalPlacement, context: RequestContext): OutgoingCredential | null {
  const credential = context.beside.find(({ place }) => isSamePlace(placement, place))
  if (credential === undefined || placement.place === 'none') return null
  const isMoved = placement.scheme !== null && credential.isOpaque
  return isMoved ? placed(placement, credential.value, credential.kind) : asItCame(credential)
}

/** Whether a placement is in a place. */
export function isSamePlace({ place }: NormalPlacement, other: Place): boolean {
  return place !== 'none' && place.in === other.in && place.name === other.name
}

/** A credential that is bound to its scheme stays where it is, unless the rule names the scheme. */
function isMoved({ isOpaque }: Credential, use: Use | null): boolean {
  return use !== null && (isOpaque || use.namesScheme)
}

function asItCame({ place, raw, value, kind }: Credential): OutgoingCredential {
  return { place, text: raw, value, kind, isAsItCame: true, secret: null }
}

/** Writes a value of the file's. What is made of the client's bytes must be of a kind that is accepted. */
function inject(
  { placement, isOperators, isBasic }: Use,
  template: Template,
  context: RequestContext,
  classify: (value: string) => NormalKind,
): OutgoingCredential | null {
  const before = context.secrets.length
  const value = template(context)
  if (value === '' && context.credential === null) return NONE
  if (!value || !(isBasic || isFieldValue(value))) return null
  if (!isBasic && isUnencodedBasic(placement, value)) return null
  const kind = isBasic ? classifyBasic(value, classify) : classify(value)
  const known = isOperators && kind.name === 'unknown' ? null : kind
  const text = isBasic ? Buffer.from(value).toString('base64') : value
  const secret = context.secrets.length > before ? context.secret : null
  return { ...placed(placement, text, known), value, secret }
}

/** Whether a text would go behind `Basic` that is not a user and a password in base64. */
function isUnencodedBasic(placement: NormalPlacement, value: string): boolean {
  if (placement.place === 'none' || placement.scheme !== 'Basic') return false
  return !Buffer.from(value, 'base64').includes(':') || /[^A-Za-z0-9+/=_-]/.test(value)
}

/** A token is the password of some services and the user of others. */
function classifyBasic(value: string, classify: (value: string) => NormalKind): NormalKind {
  const { user, password } = splitBasic(value)
  const kind = classify(password)
  return kind.name === 'unknown' ? classify(user) : kind
}

function placed(
  placement: NormalPlacement,
  value: string,
  kind: NormalKind | null,
): OutgoingCredential {
  if (placement.place === 'none') return NONE
  const { place, scheme } = placement
  const text = writeCredential(scheme, value)
  return { place, text, value, kind, isAsItCame: false, secret: null }
}
