import { readPathLeniently } from '../../http/target/path-readings.ts'
import type { RequestContext } from '../rules/request-context.ts'
import type { Action, Destination, Route, Rule, Use } from '../rules/route.ts'

/** What a path leads to, as far as another reading of it must lead there too. */
export interface Outcome {
  readonly route: Route | null
  readonly rule: Rule | null
  readonly destination: Destination | null
  /** What the rules that held do to the request, in order: the last of them is not all of it, nor is its other branch the same. */
  readonly applied: readonly (Use | Action | null)[]
  /** Of a rejection by the file or for the credential; null: none. */
  readonly status: number | null
}

/** Works out where a request would lead; reads no secret. */
export type Judge = (context: RequestContext) => Outcome

/**
 * Whether a lenient server may read a path as another one that is decided otherwise: by another
 * route, other rules, another branch or a rejection. Asked of few requests: most paths can be read in one way only.
 */
export function isAmbiguousPath(
  route: Route | null,
  context: RequestContext,
  judge: Judge,
): boolean {
  if (route?.hasExactPaths) return false
  const readings = readPathLeniently(context.canonicalPath)
  if (readings.length === 0) return false
  const own = judge(context.again())
  return readings.some((path) => !isSame(judge(withPath(context, path)), own))
}

function withPath(context: RequestContext, path: string): RequestContext {
  const { query } = context
  return context.again(query === null ? path : `${path}?${query}`)
}

function isSame(a: Outcome, b: Outcome): boolean {
  return (
    a.route === b.route &&
    a.rule === b.rule &&
    a.destination === b.destination &&
    a.status === b.status &&
    a.applied.length === b.applied.length &&
    a.applied.every((one, index) => one === b.applied[index])
  )
}
