import type { RoutePart } from '../schema/model.ts'
import { actionsOf } from './actions.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { checkMatcher } from './matchers.ts'
import { checkHeaderName, checkHost, checkPathPattern } from './names.ts'
import { createPatternCheck } from './patterns.ts'
import { checkStrip } from './strip.ts'

/** Checks each route's match, that it leads somewhere, and what it strips. */
export function checkRoutes(context: CheckContext): void {
  const checkPattern = createPatternCheck(context)
  for (const route of context.model.routes) {
    const match = route.value.match
    checkPathPattern(context, [...route.path, 'match', 'path'], match.path)
    for (const [index, host] of (match.hosts ?? []).entries())
      checkHost(context, [...route.path, 'match', 'hosts', index], host)
    for (const [name, matcher] of Object.entries(match.headers ?? {})) {
      const path = [...route.path, 'match', 'headers', name]
      checkHeaderName(context, path, name)
      checkMatcher({ ...context, checkPattern }, path, matcher)
    }
    checkDestination(context, route)
    for (const part of [route, ...route.fallbacks]) {
      const rewrite = part.value.rewrite ?? route.value.rewrite ?? {}
      for (const action of actionsOf(part)) checkStrip(context, { ...part, rewrite }, action)
    }
  }
}

function checkDestination({ report }: CheckContext, route: RoutePart): void {
  const { upstream, reject, rules } = route.value
  if (upstream !== undefined && reject !== undefined)
    report(
      errorAt(
        [...route.path, 'reject'],
        'reject-and-upstream',
        'the route rejects every request, and has an upstream',
        {
          part: 'key',
          hint: 'remove one of them, or move "reject" into a rule',
        },
      ),
    )
  if (upstream !== undefined || reject !== undefined) return
  const isWhole = route.rules.length === (rules ?? []).length
  if (!isWhole || leadsSomewhere(route)) return
  report(
    errorAt(route.path, 'missing-upstream', `the route "${route.value.name}" leads nowhere`, {
      part: 'key',
      hint:
        route.rules.length === 0
          ? 'add "upstream" or "reject"'
          : 'add "upstream", or let every rule name one or reject, the last one without "if" or with "else"',
    }),
  )
}

/** Whether the rules by themselves give every request an upstream or reject it. */
function leadsSomewhere({ rules }: RoutePart): boolean {
  for (const { value: rule } of rules) {
    const isDecided = rule.upstream !== undefined || rule.reject !== undefined
    const otherwise = typeof rule.else === 'object' ? rule.else : undefined
    const isElseDecided = otherwise?.upstream !== undefined || otherwise?.reject !== undefined
    if (!isDecided && !rule.continue) return false
    if (otherwise && !isElseDecided) return false
    if (isDecided && (!rule.if || otherwise)) return true
  }
  return false
}
