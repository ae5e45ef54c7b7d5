import type { RequestContext } from '../rules/request-context.ts'
import type { Route } from '../rules/route.ts'
import type { Decision, Fallback, Forward } from './decision.ts'
import type { Step } from './step.ts'

/** Decides a request on a fallback, as it came: nothing of the decision before goes along. */
export type DecideFallback = (route: Route, context: RequestContext) => Decision

/** Adds the ways on, each decided when it is needed. */
export function withFallbacks(step: Step, forward: Forward, decide: DecideFallback): Forward {
  const fallbacks = fallbacksOf(step, decide)
  return fallbacks.length === 0 ? forward : { ...forward, fallbacks }
}

/** Without its secret a service fails as if it had answered 503: the first fallback for that which can go on takes over. */
export function fallBackFor503(step: Step, decide: DecideFallback): Forward | null {
  const fallbacks = fallbacksOf(step, decide)
  for (const fallback of fallbacks) {
    if (!fallback.on.includes('5xx') && !fallback.on.includes(503)) continue
    // It has its own ways on: those behind whichever could go on.
    const decision = fallback.decide()
    if (decision.action === 'forward') return decision
  }
  return null
}

function fallbacksOf({ route, context }: Step, decide: DecideFallback): readonly Fallback[] {
  return route.fallbacks.map(({ on, route: other }) => ({
    upstream: other.destination?.upstream.config.name ?? '',
    on,
    decide: () => decide(other, context.again()),
  }))
}
