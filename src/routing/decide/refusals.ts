import { type Answer, answerOf } from '../../answers/answers.ts'
import { describePlace } from '../../config/language/place.ts'
import type { NormalKind } from '../../config/shapes/normal-config.ts'
import type { Credential } from '../../credentials/credential.ts'
import type { Destination } from '../rules/route.ts'
import type { Leak } from './credential/gate.ts'
import type { OutgoingCredential } from './credential/outgoing-credential.ts'
import type { Rejection } from './decision.ts'
import { createRejection } from './rejection.ts'
import type { Step } from './step.ts'

/** Refuses a request for what the last look at it has found. */
export function rejectLeak(
  leak: Leak,
  { route, context, selection, destination }: Step,
): Rejection {
  return createRejection(route, context, describeLeak(leak, destination), selection.rule)
}

function describeLeak({ kind, where, reason }: Leak, { upstream }: Destination): Answer {
  if (kind === null)
    return answerOf(
      'credential_misplaced',
      `The client's token stands in ${where} too, and never leaves. Send it in its own place alone.`,
    )
  const what = `${describeKind(kind)} stands in ${where}`
  switch (reason) {
    case 'never':
      return answerOf(
        'credential_refused',
        sentence(`${what}, and is never forwarded`, kind.instead),
      )
    case 'not accepted':
      return answerOf(
        'credential_not_accepted',
        sentence(`${what}, which ${upstream.config.name} does not accept`, kind.instead),
      )
    case 'misplaced':
      return answerOf(
        'credential_misplaced',
        `${what}, where this route looks for none. Send it in a header, or name that place under "credential.from".`,
      )
  }
}

/** Says of two credentials where each stands; never what they are. */
export function conflictOf(first: Credential, second: Credential): Answer {
  const [one, other] = [describePlace(first.place), describePlace(second.place)]
  const where = one === other ? `both in ${one}` : `one in ${one}, one in ${other}`
  return answerOf('credential_conflict', `Two different credentials were sent, ${where}; send one.`)
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
  // Of the sent kind itself some other shape may be accepted, which says nothing to a client.
  const others = accepts && [...accepts].filter((name) => name !== kind?.name)
  const wanted = others?.length ? others.join(' or ') : 'another kind'
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
