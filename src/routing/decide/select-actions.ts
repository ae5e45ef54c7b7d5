import type { RequestContext } from '../rules/request-context.ts'
import type { Action, Destination, Route, Rule, Use } from '../rules/route.ts'

/** What became of one rule: it held, its `else` was taken, or it did not hold. */
export type Verdict = 'held' | 'else' | 'passed over'

/** What the route and its rules together do to one request. */
export interface Selection {
  /** The rule that decided: the last one applied. */
  rule: Rule | null
  use: Use | null
  /** Credentials that go along. */
  readonly also: Use[]
  destination: Destination | null
  reject: Action['reject']
  /** Actions in order; their header operations and rewrites run one after another. */
  readonly actions: Action[]
}

/** Tries the rules top to bottom; `observe` sees each verdict, in order. */
export function selectActions(
  route: Route,
  context: RequestContext,
  observe: ((rule: Rule, verdict: Verdict) => void) | null,
): Selection {
  const selection: Selection = {
    rule: null,
    use: null,
    also: [],
    destination: route.destination,
    reject: null,
    actions: [],
  }
  apply(selection, route.action)
  const { captures } = context
  for (const rule of route.rules) {
    const verdict = judge(rule, context)
    observe?.(rule, verdict)
    if (verdict === 'passed over') {
      context.captures = captures
      continue
    }
    selection.rule = rule
    context.branch = verdict === 'held' ? 'then' : 'else'
    apply(selection, verdict === 'held' ? rule.then : (rule.else as Action))
    if (verdict === 'else' || !rule.isContinued || selection.reject) break
  }
  return selection
}

function judge(rule: Rule, context: RequestContext): Verdict {
  if (rule.condition === null || rule.condition.test(context)) return 'held'
  return rule.else === null ? 'passed over' : 'else'
}

function apply(selection: Selection, action: Action): void {
  selection.use = action.use ?? selection.use
  if (action.also.length > 0) selection.also.push(...action.also)
  selection.destination = action.destination ?? selection.destination
  selection.reject = action.reject ?? selection.reject
  if (action.request || action.response || action.rewrite) selection.actions.push(action)
}
