import { formatPlace } from '../../config/language/place.ts'
import type { NormalRoute } from '../../config/shapes/normal-config.ts'
import type { DecisionClass } from '../outcome.ts'
import { among, fallbackRoutes, lookedAt, takenFormula } from '../route-formula.ts'
import { writeWitnesses } from '../witness.ts'
import type { World } from '../world.ts'
import { compareRequest } from './compare-request.ts'
import type { Comparing } from './comparing.ts'

/** Two routes that may take one request, before and after. */
interface Routes {
  readonly before: NormalRoute
  readonly after: NormalRoute
}

/** Where routes look for credentials in other places, looks for requests whose one credential stands where only one of the files looks for it: the other sees none. */
export function comparePlaces(
  { before, after }: Routes,
  [old, now]: readonly [readonly DecisionClass[], readonly DecisionClass[]],
  comparing: Comparing,
): void {
  const [oldPlaces, newPlaces] = [
    namesOf(before, comparing.before),
    namesOf(after, comparing.after),
  ]
  if (
    before.conflict !== after.conflict &&
    (looksElsewhere(before, comparing.before) || looksElsewhere(after, comparing.after))
  )
    comparing.doubts.add(
      `fallbacks of route "${after.name}" look for credentials in other places: what they do with several is not compared`,
    )
  if (oldPlaces.join() === newPlaces.join()) return
  comparing.doubts.add(
    `route "${after.name}" looks for credentials in other places: requests with several credentials are not compared`,
  )
  const gone = oldPlaces.filter((name) => !newPlaces.includes(name))
  const added = newPlaces.filter((name) => !oldPlaces.includes(name))
  const takenNow = takenFormula(after, comparing.after)
  const takenOnce = takenFormula(before, comparing.before)
  for (const place of gone)
    for (const one of old) compareAt(one, [...takenNow, among('source', [place])], comparing)
  for (const place of added)
    for (const one of now) compareAt(one, [...takenOnce, among('source', [place])], comparing)
}

/** Whether a fallback may see several credentials where its route sees one. */
function looksElsewhere(route: NormalRoute, world: World): boolean {
  const own = new Set(lookedAt(route, world).map(formatPlace))
  const others = fallbackRoutes(route).flatMap((one) => lookedAt(one, world))
  return others.some((place) => !own.has(formatPlace(place)))
}

function namesOf(route: NormalRoute, world: World): readonly string[] {
  const ways = [route, ...fallbackRoutes(route)]
  return [...new Set(ways.flatMap((one) => lookedAt(one, world)).map(formatPlace))]
}

function compareAt(
  one: DecisionClass,
  more: DecisionClass['formulas'],
  comparing: Comparing,
): void {
  if (one.fallback !== null) return
  const { before, after } = comparing
  const formulas = [...one.formulas, ...more]
  const solution = before.reasoner.solve(...formulas)
  if (solution.verdict !== 'yes') return
  const world = before.config.clients === null ? after : before
  for (const request of writeWitnesses(solution.facts, { formulas, classes: [one] }, world))
    if (compareRequest(request, one, comparing)) return
}
