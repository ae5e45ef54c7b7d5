import type { Answer } from '../../answers/answers.ts'
import type { Decision, Forward } from '../../routing/decide/decision.ts'
import type { Incoming } from './incoming.ts'

/** Says in the log why a request gets an answer of Keyway's; `where` is null: no route was looked for. */
export function tellRefused(
  { context, id }: Incoming,
  where: Pick<Decision, 'route' | 'rule'> | null,
  { status, code }: Answer,
): void {
  const { route = null, rule = null } = where ?? {}
  context.refusals.refused({ id, route, rule, status, code })
}

/** Says in the log why a request gets an answer of Keyway's, or the end of an upstream's is missing. */
export function tellUndone(
  incoming: Incoming,
  forward: Forward,
  answer: Answer,
  { hasBegun }: { readonly hasBegun: boolean },
): void {
  if (hasBegun) tellBroken(incoming, forward, answer.code)
  else tellRefused(incoming, forward, answer)
}

/** Says in the log why an answer that had begun does not end. */
export function tellBroken({ context, id }: Incoming, forward: Forward, code: string): void {
  context.refusals.brokenOff({ id, ...namesOf(forward), code })
}

/** Says in the log that nobody waits for an answer any more. */
export function tellLeft({ context, id }: Incoming, forward: Forward, code: string): void {
  context.refusals.left({ id, ...namesOf(forward), code })
}

function namesOf({ route, upstream }: Forward): { route: string; upstream: string } {
  return { route, upstream: upstream.config.name }
}
