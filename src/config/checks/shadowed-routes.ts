import { listWords } from '../diagnostics/suggest.ts'
import { normalizeMatch } from '../normalize/normalize-match.ts'
import { orElse } from './attempt.ts'
import { type CheckContext, warningAt } from './check-context.ts'
import { matchKey } from './duplicates.ts'
import { createFileReasoner } from './reasoning/file-reasoner.ts'
import { type Formula, not } from './reasoning/formula.ts'
import { matchFormula } from './reasoning/match-formula.ts'
import type { Reasoner } from './reasoning/reasoner.ts'
import { createFindRivals } from './reasoning/routes/route-index.ts'
import { type OrderedRoute, orderedRoute, takesFrom } from './reasoning/routes/route-order.ts'
import { showRequest } from './reasoning/request/show-request.ts'

/** Routes that one is compared with; of one that overlaps with more nothing is said. */
const RIVALS = 200

/** Warns of routes that others, each of which comes before it for some requests, leave none together. */
export function lintShadowedRoutes({ model, kinds, report }: CheckContext): void {
  const reasoner = createFileReasoner({ kinds, model })
  const routes = model.routes.flatMap(({ value: { match } }, index) =>
    orElse(() => [orderedRoute(index, normalizeMatch(match))], []),
  )
  const findRivals = createFindRivals(routes)
  const keys = model.routes.map(matchKey)
  const seen = new Set<string | null>()
  for (const route of routes) {
    // An equal match is an error of its own.
    const isRepeated = seen.size === seen.add(keys[route.index] ?? null).size
    const rivals = isRepeated ? [] : findRivals(route, RIVALS)
    if (rivals.length === 0 || rivals.length === RIVALS) continue
    const takers = orElse(() => findTakers(route, rivals, reasoner), [])
    if (takers.length === 0) continue
    const names = listWords(takers.map(({ index }) => `"${model.routes[index]?.value.name}"`))
    const [who, what] =
      takers.length === 1 ? ['route', `takes all of them`] : ['routes', 'take all of them together']
    report(
      warningAt(
        [...(model.routes[route.index]?.path ?? []), 'match'],
        'shadowed-route',
        `no request gets to this route: ${who} ${names} before it ${what}`,
        {
          hint: `put it before ${names}, or narrow ${takers.length === 1 ? "that one's" : 'their'} match`,
          ...showRequest(reasoner, matchFormula(route.match, reasoner)),
        },
      ),
    )
  }
}

interface Taker {
  readonly index: number
  readonly takes: Formula
}

/** The fewest routes that leave a route nothing; none where it has requests, or that can't be told. */
function findTakers(
  route: OrderedRoute,
  rivals: readonly OrderedRoute[],
  reasoner: Reasoner,
): readonly Taker[] {
  const own = matchFormula(route.match, reasoner)
  const isLeftNothing = (takers: readonly Taker[]): boolean =>
    reasoner.solve(own, ...takers.map(({ takes }) => not(takes))).verdict === 'no'
  let needed = rivals.flatMap((rival): Taker[] => {
    const takes = takesFrom(rival, route, reasoner)
    return takes === null ? [] : [{ index: rival.index, takes }]
  })
  if (needed.length === 0 || !isLeftNothing(needed)) return []
  for (const one of needed) {
    const without = needed.filter((other) => other !== one)
    if (isLeftNothing(without)) needed = without
  }
  return needed
}
