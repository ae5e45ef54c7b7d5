import { leavesOf } from '../language/condition-leaves.ts'
import { normalizeCondition } from '../normalize/normalize-condition.ts'
import type { RoutePart } from '../schema/model.ts'
import type { Rewrite } from '../shapes/config.generated.ts'
import type { NormalCondition } from '../shapes/normal-config.ts'
import type { ActionPart } from './actions.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { isKept, isStripped, type KnownPaths, pathsOf, rewritePaths } from './known-paths.ts'

/** A route or a fallback, with the rewrite that runs before those of its rules. */
export interface RewrittenRoute extends RoutePart {
  readonly rewrite: Rewrite
}

/** Checks that what an action strips begins the paths that get there. */
export function checkStrip(
  { report }: CheckContext,
  route: RewrittenRoute,
  action: ActionPart,
): void {
  const strip = action.value.rewrite?.strip
  if (strip === undefined) return
  const fault = findFault(route, action, strip)
  const at = [...action.path, 'rewrite', 'strip']
  if (fault) report(errorAt(at, 'bad-strip', fault.message, { hint: fault.hint }))
}

interface Fault {
  readonly message: string
  readonly hint: string
}

function findFault(route: RewrittenRoute, action: ActionPart, strip: string): Fault | null {
  const { path } = route.value.match
  const condition = conditionOf(action)
  const known = [[path], ...(condition ? pathsOf(condition) : [])].map((paths) =>
    pathsBefore(paths, route, action),
  )
  const kept = known.find((paths) => paths.every((here) => isKept(here, strip)))
  const shown = (kept ?? known[0])?.[0] ?? path
  if (strip.includes('*') || strip.includes('/:')) return notPlain(shown)
  if (known.some((paths) => paths.every((here) => isStripped(here, strip)))) return null
  if (kept) return neverThere(strip, shown, path)
  return condition && looksAtPath(condition) ? null : sometimesThere(strip, shown)
}

function notPlain(shown: string): Fault {
  const message = '"strip" is a plain path, without "*" and ":parameter"'
  return { message, hint: writeInstead(shown) }
}

function neverThere(strip: string, shown: string, path: string): Fault {
  const where = shown === path ? `the route's path "${path}"` : `"${shown}", the path by then`
  const message = `"${strip}" does not begin ${where}, so nothing would be taken off`
  return { message, hint: writeInstead(shown) }
}

function sometimesThere(strip: string, shown: string): Fault {
  const message = `"${strip}" does not begin every path of "${shown}", so some would stay as they are`
  const move = 'put it into a rule whose "if" names the path'
  return { message, hint: fixedPart(shown) ? `${writeInstead(shown)}, or ${move}` : move }
}

function writeInstead(shown: string): string {
  const fixed = fixedPart(shown)
  return fixed ? `write ${fixed}` : 'remove it'
}

/** What all paths of a pattern begin with. */
function fixedPart(pattern: string): string {
  return /^(.*?)(\/:.*|\/\*)?$/.exec(pattern)?.[1] ?? ''
}

/** What holds where an action is taken; null: it always is. */
function conditionOf({ rule, isElse }: ActionPart): NormalCondition | null {
  if (!rule?.value.if) return null
  const condition = normalizeCondition(rule.value.if)
  return isElse ? { type: 'not', of: condition } : condition
}

/** What the rewrites before an action leave: the route's own, and those of rules that let others follow. */
function pathsBefore(paths: KnownPaths, route: RewrittenRoute, { rule }: ActionPart): KnownPaths {
  if (rule === null) return paths
  let known = rewritePaths(paths, route.rewrite)
  for (const { index, value } of route.rules) {
    if (index >= rule.index || !value.continue || !value.rewrite) continue
    known = [...known, ...rewritePaths(known, value.rewrite)]
  }
  return known
}

function looksAtPath(condition: NormalCondition): boolean {
  return leavesOf(condition).some(({ type }) => type === 'path' || type === 'path-pattern')
}
