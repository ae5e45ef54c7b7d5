import { normalizeMatcher } from '../normalize/normalize-condition.ts'
import type { RoutePart } from '../schema/model.ts'
import type { Route } from '../shapes/config.generated.ts'
import { orElse } from './attempt.ts'
import { type CheckContext, warningAt } from './check-context.ts'
import { pathShape } from './duplicates.ts'
import { impliesMatcher } from './reasoning/matcher-implication.ts'

/** Routes on one path that are compared with one another; more would take time that grows with their square. */
const COMPARED = 200

/** Warns of routes that another one on the same path leaves no request. */
export function lintShadowedRoutes({ model, report }: CheckContext): void {
  const byShape = new Map<string, RoutePart[]>()
  for (const route of model.routes) {
    const shape = pathShape(route.value.match.path)
    if (shape === null) continue
    const others = byShape.get(shape) ?? []
    const taker = others.find((other) => takesAll(other.value.match, route.value.match))
    if (taker)
      report(
        warningAt(
          [...route.path, 'match'],
          'shadowed-route',
          `no request gets to this route: route "${taker.value.name}" before it takes all of them`,
          { hint: `put it before "${taker.value.name}", or narrow that one's match` },
        ),
      )
    if (others.length < COMPARED) others.push(route)
    byShape.set(shape, others)
  }
}

type Match = Route['match']

/** Whether `first`, which stands before, is as specific and takes all that `second` does, and more. */
function takesAll(first: Match, second: Match): boolean {
  if (!includesAll(first.hosts, second.hosts) || !includesAll(first.methods, second.methods))
    return false
  const [headers, others] = [Object.entries(first.headers ?? {}), second.headers ?? {}]
  if (headers.length !== Object.keys(others).length) return false
  const isEqual =
    JSON.stringify([first.hosts, first.methods]) === JSON.stringify([second.hosts, second.methods])
  if (headers.length === 0) return !isEqual
  return (
    !isSame(first, second) &&
    headers.every(([name, matcher]) => {
      const other = others[name]
      return (
        other !== undefined &&
        orElse(() => impliesMatcher(normalizeMatcher(other), normalizeMatcher(matcher)), false)
      )
    })
  )
}

function isSame(first: Match, second: Match): boolean {
  const { path: _, ...a } = first
  const { path: __, ...b } = second
  return JSON.stringify(a) === JSON.stringify(b)
}

/** None at all is the least specific: it takes nothing from one that names some. */
function includesAll(
  all: readonly string[] | undefined,
  some: readonly string[] | undefined,
): boolean {
  if (!all || !some) return all === some
  return some.every((one) => all.includes(one))
}
