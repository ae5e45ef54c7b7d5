import { answerOf } from '../answers/answers.ts'
import { anyOf, FALSE, type Formula, not } from '../config/checks/reasoning/formula.ts'
import { parseTemplate } from '../config/language/template.ts'
import type {
  NormalAction,
  NormalCondition,
  PlacedCredential,
} from '../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'
import type { DecisionClass, Leaving } from './outcome.ts'
import { ABSENT, among, BARE_SCHEMES } from './route-formula.ts'
import type { Selected, Walk } from './walk.ts'

/** A selection that leads to an upstream. */
interface Destined extends Selected {
  readonly destination: NormalUpstream
}

/** Tells requests apart by the credential that leaves, and whether the upstream takes it. */
export function forwardClasses(
  walked: Walk,
  selected: Destined,
  formulas: readonly Formula[],
): readonly DecisionClass[] {
  const { route, fallback, world } = walked
  const { rule, branch, destination: upstream, actions, also } = selected
  const refused = refusedFormula(upstream, world)
  return leavings(selected).flatMap(({ leaving, when }) => {
    const base = { route, fallback, rule, branch }
    const all = [...formulas, ...when]
    const secrets = secretsOf(
      [...(leaving.type === 'given' ? [leaving.placement] : []), ...also],
      actions,
    )
    const outcome = { action: 'forward' as const, upstream, leaving, also, secrets, actions }
    // What goes along may be refused too.
    if (also.length > 0)
      return [
        { ...base, formulas: all, outcome },
        { ...base, formulas: all, outcome: NOT_ACCEPTED },
      ]
    if (leaving.type === 'none' || leaving.type === 'given')
      return [{ ...base, formulas: all, outcome }]
    return [
      { ...base, formulas: [...all, refused.never], outcome },
      { ...base, formulas: [...all, refused.maybe], outcome: NOT_ACCEPTED },
    ]
  })
}

const NOT_ACCEPTED = {
  action: 'reject' as const,
  status: answerOf('credential_not_accepted').status,
  code: 'credential_not_accepted',
}

interface Case {
  readonly leaving: Leaving
  readonly when: readonly Formula[]
}

const PRESENT: Formula = not(ABSENT)
const OPAQUE = among('scheme', BARE_SCHEMES)
/** `Token` may hold parameters, and is bound then. */
const BOUND: Formula = anyOf([not(OPAQUE), among('scheme', ['token'])])

function leavings({ use, user }: Destined): readonly Case[] {
  if (use === null)
    return [
      { leaving: { type: 'none' }, when: [ABSENT] },
      { leaving: { type: 'as it came' }, when: [PRESENT] },
    ]
  if (use.place === 'none') return [{ leaving: { type: 'none' }, when: [] }]
  const isMoved = user?.if != null && namesScheme(user.if)
  const stays: Case[] = isMoved ? [] : [{ leaving: { type: 'as it came' }, when: [PRESENT, BOUND] }]
  const moves = isMoved ? [PRESENT] : [PRESENT, OPAQUE]
  const templates = templatesOf(use)
  if (templates.length === 0)
    return [
      { leaving: { type: 'none' }, when: [ABSENT] },
      { leaving: { type: 'placed', placement: use }, when: moves },
      ...stays,
    ]
  const isMade = templates.some((text) =>
    parseTemplate(text).some(({ type }) => !OPERATORS.has(type)),
  )
  const leaving: Leaving = { type: 'given', placement: use, isMade }
  if (!isMade) return [{ leaving, when: [] }]
  return [{ leaving, when: [anyOf([ABSENT, ...moves])] }, ...stays]
}

const OPERATORS: ReadonlySet<string> = new Set(['text', 'env', 'secret'])

function templatesOf({ value, basic }: PlacedCredential): readonly string[] {
  return [value, basic?.user, basic?.password].filter((text) => text != null)
}

/** A rule that asks for a scheme means credentials that are bound to it. */
function namesScheme(condition: NormalCondition): boolean {
  if (condition.type === 'scheme') return true
  return (condition.type === 'all' || condition.type === 'any') && condition.of.some(namesScheme)
}

/** `never`: the upstream may take the credential; `maybe`: it may refuse it. */
function refusedFormula(
  { accepts, only }: NormalUpstream,
  { kinds }: Walk['world'],
): { readonly never: Formula; readonly maybe: Formula } {
  const facet = (names: readonly string[]): Formula => among('kind', names)
  if (accepts === null) {
    const admin = facet(kinds.filter(({ forward }) => forward === 'admin').map(({ name }) => name))
    return { never: not(admin), maybe: admin }
  }
  const shaped = only.length === 0 ? FALSE : facet(only.map(({ kind }) => kind))
  return { never: facet(accepts), maybe: anyOf([not(facet(accepts)), shaped]) }
}

function secretsOf(
  given: readonly PlacedCredential[],
  actions: readonly NormalAction[],
): readonly string[] {
  const own = given.flatMap(templatesOf)
  const others = actions.flatMap(({ request, rewrite }) => [
    ...Object.values(request?.set ?? {}),
    ...Object.values(request?.add ?? {}),
    ...Object.values(request?.append ?? {}),
    ...Object.values(rewrite?.query?.set ?? {}),
    rewrite?.path ?? '',
  ])
  const parts = [...own, ...others].flatMap((text) => parseTemplate(text))
  return [...new Set(parts.flatMap((part) => (part.type === 'secret' ? [part.name] : [])))]
}
