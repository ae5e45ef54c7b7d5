import { answerOf } from '../../answers/answers.ts'
import { allOf, anyOf, type Formula, not, TRUE } from '../../config/checks/reasoning/formula.ts'
import { CantTell } from '../../config/checks/reasoning/verdict.ts'
import type { NormalAction, NormalRoute, NormalRule } from '../../config/shapes/normal-config.ts'
import type { DecisionClass } from '../outcome.ts'
import { admittedFormula, fallbackRoutes, formulaIn, takenFormula } from '../route-formula.ts'
import type { World } from '../world.ts'
import { forwardClasses } from './forward-classes.ts'
import { goesOn } from './goes-on.ts'
import type { Selected, Walk } from './walk.ts'

/** Most ways through the rules of one route; rules that go on double them. */
const WAY_LIMIT = 256

/** Lists the classes of decisions of a route, its fallbacks' too. Throws CantTell where there are too many. */
export function classesOf(route: NormalRoute, world: World): readonly DecisionClass[] {
  const taken = takenFormula(route, world)
  const before = [...taken, ...admittedFormula(route, world)]
  const own = walk({ route, fallback: null, world }, before)
  const forwards = route.fallback.length === 0 ? TRUE : forwarded(own, before.length)
  const fallbacks = fallbackRoutes(route).flatMap((asRoute, fallback) => {
    const admitted = admittedFormula(asRoute, world)
    const isForwarded = goesOn(forwards, { route, fallback: asRoute }, world)
    return walk({ route: asRoute, fallback, world }, [...taken, ...admitted, isForwarded])
  })
  return [...own, ...fallbacks]
}

/** That a request is of one of the classes that are forwarded: only those go on to a fallback. `known` formulas of each are so already. */
function forwarded(classes: readonly DecisionClass[], known: number): Formula {
  const forwards = classes.filter(({ outcome }) => outcome.action === 'forward')
  return anyOf(forwards.map(({ formulas }) => allOf(formulas.slice(known))))
}

const NOTHING: Selected = {
  rule: null,
  branch: null,
  applied: [],
  use: null,
  user: null,
  also: [],
  upstream: null,
  reject: null,
  actions: [],
}

function walk(walked: Walk, before: readonly Formula[]): readonly DecisionClass[] {
  const { also, request, response, rewrite, upstream, reject } = walked.route
  const action: NormalAction = { use: null, also, request, response, rewrite, upstream, reject }
  const selected = { ...NOTHING, also, upstream, reject, actions: [action] }
  const start = { selected, formulas: before }
  const found: DecisionClass[] = []
  let ways = 0
  for (const { selected, formulas } of waysFrom(walked, 0, start)) {
    ways++
    if (ways > WAY_LIMIT)
      throw new CantTell(`there are too many ways through the rules of "${walked.route.name}"`)
    found.push(...conclude(walked, selected, formulas))
  }
  return found
}

/** A way through rules: what it comes to, and for which requests. */
interface Way {
  readonly selected: Selected
  readonly formulas: readonly Formula[]
}

function* waysFrom(walked: Walk, at: number, way: Way): Generator<Way> {
  const { selected, formulas } = way
  const rule = walked.route.rules[at]
  if (rule === undefined) {
    yield way
    return
  }
  const holds = rule.if === null ? TRUE : formulaIn(rule.if, walked.world)
  const held = { selected: apply(selected, rule, 'then'), formulas: [...formulas, holds] }
  if (rule.continue && held.selected.reject === null) yield* waysFrom(walked, at + 1, held)
  else yield held
  if (rule.if === null) return
  const rest = [...formulas, not(holds)]
  if (rule.else === null) yield* waysFrom(walked, at + 1, { selected, formulas: rest })
  else yield { selected: apply(selected, rule, 'else'), formulas: rest }
}

function apply(selected: Selected, rule: NormalRule, branch: 'then' | 'else'): Selected {
  const action = rule[branch] as NormalAction
  return {
    rule,
    branch,
    applied: [...selected.applied, { rule, branch }],
    use: action.use ?? selected.use,
    user: action.use === null ? selected.user : rule,
    also: [...selected.also, ...action.also],
    upstream: action.upstream ?? selected.upstream,
    reject: action.reject ?? selected.reject,
    actions: [...selected.actions, action],
  }
}

function conclude(
  walked: Walk,
  selected: Selected,
  formulas: readonly Formula[],
): readonly DecisionClass[] {
  const { reject, upstream: name, rule, branch, applied } = selected
  const upstream = walked.world.upstreams.get(name ?? '')
  if (reject === null && upstream)
    return forwardClasses(walked, { ...selected, destination: upstream }, formulas)
  const { route, fallback } = walked
  const status = reject?.status ?? answerOf('rejected').status
  const responses = selected.actions.map(({ response }) => response)
  const outcome = { action: 'reject' as const, status, code: 'rejected', told: reject, responses }
  return [{ route, fallback, rule, branch, applied, formulas, outcome }]
}
