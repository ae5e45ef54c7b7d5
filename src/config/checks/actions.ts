import type { RuleObject } from '../language/sentence.ts'
import type { RoutePart, RulePart } from '../schema/model.ts'
import type { Path } from '../text/document.ts'

/** What a route, a rule or its `else` does, in object form. */
export type ActionObject = Pick<
  RuleObject,
  'use' | 'also' | 'request' | 'response' | 'rewrite' | 'upstream' | 'reject'
>

/** An action and where it stands. */
export interface ActionPart {
  readonly path: Path
  readonly value: ActionObject
  /** null: the route's own. */
  readonly rule: RulePart | null
  readonly isElse: boolean
}

/** All actions of a route: its own, and each rule's with its `else`. */
export function actionsOf(route: RoutePart): readonly ActionPart[] {
  const { also, request, response, rewrite, upstream, reject } = route.value
  const own = { also, request, response, rewrite, upstream, reject } as ActionObject
  const actions: ActionPart[] = [{ path: route.path, value: own, rule: null, isElse: false }]
  for (const rule of route.rules) {
    actions.push({ path: rule.path, value: rule.value, rule, isElse: false })
    const otherwise = rule.value.else
    if (typeof otherwise === 'object')
      actions.push({ path: [...rule.path, 'else'], value: otherwise, rule, isElse: true })
  }
  return actions
}
