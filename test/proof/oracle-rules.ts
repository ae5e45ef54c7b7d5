import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import { normalizeCondition } from '../../src/config/normalize/normalize-condition.ts'
import type { Condition } from '../../src/config/shapes/config.generated.ts'
import { measureCoverage, type Reachable } from '../../src/proof/coverage.ts'
import { holdsFor, type Observed } from '../../src/proof/observe.ts'
import { readPathLeniently } from '../../src/http/target/path-readings.ts'
import { canonicalPath, splitTarget } from '../../src/http/target/request-target.ts'
import { type Case, isOwn, type RulePlace, toldPlaces } from './oracle-cases.ts'

interface WrittenRule {
  readonly if?: Condition
  readonly else?: unknown
  readonly continue?: boolean
  readonly reject?: unknown
}

/** A request that gets to a rule and that it holds for; null: none of those asked does. */
export function findOneThatReaches(one: Case, place: RulePlace): string | null {
  const { routes } = JSON.parse(one.written.text) as {
    routes: { name: string; rules: WrittenRule[] }[]
  }
  const route = routes[place.route]
  const rule = route?.rules[place.rule]
  if (!route || !rule) return null
  const before = route.rules.slice(0, place.rule)
  const found = one.observed.find(
    (observed) =>
      observed.explanation.route === route.name &&
      isToken(observed) &&
      !isOwn(observed.decision) &&
      before.every((other) => isPassed(other, observed, one)) &&
      holds(rule, observed, one),
  )
  return found === undefined ? null : writeCurl(found.request)
}

/** Whether the credential is sent as one token: of others `check` asks only where a condition names their scheme. */
function isToken({ explanation: { credential } }: Observed): boolean {
  return !['basic', 'digest'].includes(credential?.scheme?.toLowerCase() ?? '')
}

function holds(rule: WrittenRule, observed: Observed, { world }: Case): boolean {
  return rule.if === undefined || holdsFor(normalizeCondition(rule.if), observed, world)
}

function isPassed(rule: WrittenRule, observed: Observed, one: Case): boolean {
  if (holds(rule, observed, one)) return rule.continue === true && rule.reject === undefined
  return rule.else === undefined
}

/** A request that a warning says there is none of; null: none was found; undefined: the warning is of another sort. */
export function findAgainst(one: Case, code: string, path: string): string | null | undefined {
  const [, route, rule, fallback] =
    /^routes\[(\d+)\](?:\.rules\[(\d+)\]|\.fallback\[(\d+)\])?/.exec(path) ?? []
  const own = one.config.routes[Number(route)]
  const claim = CLAIMS[code]
  if (own === undefined || claim === undefined) return undefined
  const name = own.rules[Number(rule)]?.name ?? null
  const found = one.observed.find(
    (observed) =>
      observed.explanation.route === own.name &&
      isToken(observed) &&
      claim({ observed, rule: name, fallback: Number(fallback) }),
  )
  return found === undefined ? null : writeCurl(found.request)
}

interface Claimed {
  readonly observed: Observed
  readonly rule: string | null
  readonly fallback: number
}

/** What is not as each warning says. */
const CLAIMS: Readonly<Record<string, (claimed: Claimed) => boolean>> = {
  'shadowed-route': () => true,
  'always-holds': ({ observed, rule }) =>
    observed.explanation.rules.some(
      ({ name, verdict }) => name === rule && (verdict === 'passed over' || verdict === 'else'),
    ),
  'refused-by-accepts': ({ observed: { decision, explanation }, rule }) =>
    decision.action === 'forward' &&
    decision.rule === rule &&
    explanation.rules.some(({ name, verdict }) => name === rule && verdict === 'held') &&
    explanation.leaving.some(({ place, secret }) => place !== null && secret === null),
  'idle-fallback': ({ observed: { decision }, fallback }) =>
    decision.action === 'forward' && decision.fallbacks[fallback]?.decide().action === 'forward',
}

/** What a request was found for, and what none was found for and no finding tells. */
export interface Reach {
  readonly reached: number
  readonly unreached: readonly Reachable[]
}

/** Works out what requests reach of a file. */
export function reachOf(one: Case): Reach {
  const { unreached } = measureCoverage([], one.world)
  const shadowed = one.loaded.diagnostics.flatMap(({ code, path }) =>
    code === 'shadowed-route' ? [/^routes\[\d+\]/.exec(path)?.[0]] : [],
  )
  const always = toldPlaces(one.loaded, ['always-holds'])
  const isTold = ({ route, rule, branch }: Reachable): boolean => {
    const own = one.config.routes.find(({ name }) => name === route)
    if (own === undefined || shadowed.includes(`routes[${own.index}]`)) return true
    const index = own.rules.find(({ name }) => name === rule)?.index
    const holds = always.some((place) => place.route === own.index && place.rule === index)
    return branch === 'else' && holds
  }
  const missing = unreached.filter(({ request }) => request === null)
  return {
    reached: unreached.length - missing.length,
    unreached: missing.filter((each) => !isTold(each)),
  }
}

/** A request that gets to what no request was found for, in words; null: there is none. */
export function findUnexpectedReach({ observed }: Case, { unreached }: Reach): string | null {
  for (const each of unreached) {
    const reached = observed.find((one) => reaches(one, each) && isPlain(one))
    if (reached) return `${writeCurl(reached.request)} gets to ${Object.values(each).join(' ')}`
  }
  return null
}

/** Whether its path can be read in one way only: others are refused unless both readings lead to one end, and are not looked for. */
function isPlain({ request }: Observed): boolean {
  return readPathLeniently(canonicalPath(splitTarget(request.target).path)).length === 0
}

function reaches({ explanation }: Observed, { route, rule, branch }: Reachable): boolean {
  if (explanation.route !== route) return false
  const wanted = branch === 'else' ? 'else' : 'held'
  return (
    rule === null || explanation.rules.some((each) => each.name === rule && each.verdict === wanted)
  )
}
