import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { classesOf } from '../classes/classes.ts'
import { observe } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import type { World } from '../world.ts'
import { type Comparing, keepChange } from './comparing.ts'
import { dangerOf, differencesOf } from './danger.ts'

/** Makes a request of a class of one file, to be decided by both; null: none could be written down. Throws CantTell. */
export type MakeRequest = (one: DecisionClass) => RequestView | null

/** Decides a request of each class of a route, its fallbacks left out, by both files. */
export function compareClassesOf(
  route: NormalRoute,
  world: World,
  make: MakeRequest,
  comparing: Comparing,
): void {
  try {
    for (const one of classesOf(route, world)) {
      const request = one.fallback === null ? make(one) : null
      if (request !== null) compareRequest(request, one, comparing)
    }
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
    comparing.doubts.add(error.message)
  }
}

/** Decides a request by both files, and keeps how they differ; whether they do. */
export function compareRequest(
  request: RequestView,
  by: DecisionClass,
  comparing: Comparing,
): boolean {
  const { before, after } = comparing
  const [was, is] = [observe(request, null, before), observe(request, null, after)]
  const differences = was && is ? differencesOf(was, is) : []
  if (!was || !is || differences.length === 0) return false
  keepChange({ danger: dangerOf(was, is), request, was, is, by, differences }, comparing)
  return true
}
