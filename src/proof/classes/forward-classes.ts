import { answerOf } from '../../answers/answers.ts'
import { allOf, anyOf, type Formula, not } from '../../config/checks/reasoning/formula.ts'
import { parseTemplate } from '../../config/language/template.ts'
import type {
  NormalAction,
  NormalCondition,
  PlacedCredential,
} from '../../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../../config/shapes/normal-upstream.ts'
import type { DecisionClass, Leaving } from '../outcome.ts'
import { ABSENT, among, BARE_SCHEMES, PRESENT, parametersFlag } from '../route-formula.ts'
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
  const { rule, branch, applied, destination: upstream, actions, also } = selected
  const refused = refusedFormula(upstream, world)
  return leavings(selected).flatMap(({ leaving, when }) => {
    const base = { route, fallback, rule, branch, applied }
    const all = [...formulas, ...when]
    const secrets = secretsOf(
      [...(leaving.type === 'given' ? [leaving.placement] : []), ...also],
      actions,
    )
    const outcome = { action: 'forward' as const, upstream, leaving, also, secrets, actions }
    const responses = actions.map(({ response }) => response)
    const notAccepted = { ...NOT_ACCEPTED, responses }
    // What goes along, or is made of the request, may be refused too.
    if (also.length > 0 || (leaving.type === 'given' && leaving.isMade && mayRefuse(upstream))) {
      const isTaken = takenFlag(upstream, leaving, also)
      const own = leaving.type === 'placed' || leaving.type === 'as it came' ? [refused.never] : []
      return [
        { ...base, formulas: [...all, isTaken, ...own], outcome },
        { ...base, formulas: [...all, not(isTaken)], outcome: notAccepted },
      ]
    }
    if (leaving.type === 'none' || leaving.type === 'given')
      return [{ ...base, formulas: all, outcome }]
    return [
      { ...base, formulas: [...all, refused.never], outcome },
      { ...base, formulas: [...all, refused.maybe], outcome: notAccepted },
    ]
  })
}

function mayRefuse({ accepts, only }: NormalUpstream): boolean {
  return accepts !== null || only.length > 0
}

/** That all that goes along and is made is accepted: nothing is known of it but what it depends on. */
function takenFlag(
  { accepts, only }: NormalUpstream,
  leaving: Leaving,
  also: Destined['also'],
): Formula {
  const name = `accepted ${JSON.stringify([accepts, only, leaving, also])}`
  return { type: 'flag', name, holds: true }
}

const NOT_ACCEPTED = {
  action: 'reject' as const,
  status: answerOf('credential_not_accepted').status,
  code: 'credential_not_accepted',
  told: null,
}

interface Case {
  readonly leaving: Leaving
  readonly when: readonly Formula[]
}

/** `Token` may hold parameters beside the token, and is bound then. */
const PARAMETERS: Formula = allOf([among('scheme', ['token']), parametersFlag(true)])
const OPAQUE: Formula = allOf([among('scheme', BARE_SCHEMES), not(PARAMETERS)])
const BOUND: Formula = anyOf([not(among('scheme', BARE_SCHEMES)), PARAMETERS])

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
  return [
    // What is made of nothing is nothing, where the client has sent none either.
    { leaving: { type: 'none' }, when: [ABSENT] },
    { leaving, when: [anyOf([ABSENT, allOf(moves)])] },
    ...stays,
  ]
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
  { kinds, kindFacet }: Walk['world'],
): { readonly never: Formula; readonly maybe: Formula } {
  const facet = (names: readonly string[]): Formula => among(kindFacet, names)
  if (accepts === null) {
    const admin = facet(kinds.filter(({ forward }) => forward === 'admin').map(({ name }) => name))
    return { never: not(admin), maybe: admin }
  }
  // Whether a value has the shape that is asked of its kind is not looked into.
  const isShaped: Formula = { type: 'flag', name: `shape ${JSON.stringify(only)}`, holds: true }
  const misshaped = allOf([facet(only.map(({ kind }) => kind)), not(isShaped)])
  const refused = anyOf([not(facet(accepts)), ...(only.length === 0 ? [] : [misshaped])])
  return { never: not(refused), maybe: refused }
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
