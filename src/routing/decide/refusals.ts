import type { NormalKind } from '../../config/shapes/normal-config.ts'
import type { RequestContext } from '../rules/request-context.ts'
import type { Destination } from '../rules/route.ts'
import type { OutgoingCredential } from './place-credential.ts'

/** A kind that never travels and stands in the request's cookies; null: none. */
export function refusedInCookie(
  kinds: readonly NormalKind[],
  context: RequestContext,
): NormalKind | null {
  if (!context.names.includes('cookie')) return null
  const cookie = context.header('cookie') ?? ''
  const found = kinds.find((kind) => kind.prefixes?.some((prefix) => cookie.includes(`=${prefix}`)))
  return found ?? null
}

/** What was sent and what to send instead; never the value. */
export function describeRefused(kind: NormalKind): string {
  return sentence(`${describeKind(kind)} was sent, and is never forwarded`, kind.instead)
}

/** What was sent and what the upstream takes; never the value. */
export function describeNotAccepted(
  { kind }: OutgoingCredential,
  { upstream, accepts }: Destination,
): string {
  const sent = kind ? describeKind(kind) : 'A credential'
  const wanted = accepts ? [...accepts].join(' or ') : 'another kind'
  return sentence(
    `${sent} was sent, which ${upstream.config.name} does not accept`,
    kind?.instead ?? `Send one of kind ${wanted}.`,
  )
}

function describeKind({ name, description }: NormalKind): string {
  return description
    ? `A credential of kind ${name} (${description})`
    : `A credential of kind ${name}`
}

function sentence(problem: string, instead: string | undefined): string {
  return instead ? `${problem}. ${instead}` : `${problem}.`
}
