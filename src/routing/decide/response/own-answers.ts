import type { HeaderOperations } from '../../rules/header-operations.ts'
import type { RequestContext } from '../../rules/request-context.ts'
import type { Action } from '../../rules/route.ts'
import type { EditOwn, Rejection } from '../decision.ts'

/** What the file does to Keyway's own answers where these actions were taken; null: nothing. */
export function createEditOwn(
  actions: readonly Action[],
  context: RequestContext,
  own: HeaderOperations | null = null,
): EditOwn | null {
  if (own === null && !actions.some(({ ownResponse }) => ownResponse)) return null
  return (fields) => {
    own?.(fields, context)
    for (const { ownResponse } of actions) ownResponse?.(fields, context)
  }
}

/** A rejection whose answer gets what the file does to it. */
export function withEdit(rejection: Rejection, editOwn: EditOwn | null): Rejection {
  return editOwn === null || rejection.editOwn !== null ? rejection : { ...rejection, editOwn }
}
