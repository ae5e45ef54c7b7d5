import { anyOf, isNever, not } from '../../config/checks/reasoning/formula.ts'
import { standInToken } from '../../config/language/stand-in-token.ts'
import { parseTemplate } from '../../config/language/template.ts'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { requestOfClass } from '../classes/class-requests.ts'
import { credentialHeaders } from '../credential-headers.ts'
import { observe } from '../observe.ts'
import type { DecisionClass } from '../outcome.ts'
import { among } from '../route-formula.ts'
import type { World } from '../world.ts'

/** What Keyway promises of every file. */
const PROMISES = [
  'no credential leaves but the one, and those that the file lets go along',
  'no credential leaves for an upstream that does not accept its kind',
  "no client's token leaves",
] as const

/** A promise with how it was shown. */
export interface ProvedPromise {
  readonly name: (typeof PROMISES)[number]
  readonly isKept: boolean
  /** Classes of decisions that were looked at, without those that no request is of. */
  readonly classes: number
  /** Requests, one of each class of which one could be written down, that were really decided. */
  readonly requests: number
  /** One that breaks it; null: none does. */
  readonly brokenBy: RequestView | null
}

/** Shows the promises for classes: by what each class is, and by deciding a request of each. */
export function provePromises(
  classes: Iterable<DecisionClass>,
  world: World,
): readonly ProvedPromise[] {
  const counts = { classes: 0, requests: 0 }
  const faults = new Map<string, RequestView | null>()
  for (const one of classes) {
    for (const [at, isKept] of [
      isOne(one, world),
      isAccepted(one, world),
      hidesToken(one, world),
    ].entries())
      if (!isKept) faults.set(PROMISES[at] as string, null)
    const request = requestOfClass(one, world)
    if (request !== null || world.reasoner.solve(...one.formulas).verdict !== 'no') counts.classes++
    if (request === null) continue
    counts.requests++
    for (const [at, isKept] of seen(request, one, world).entries())
      if (!isKept) faults.set(PROMISES[at] as string, request)
  }
  return PROMISES.map((name) => ({
    name,
    isKept: !faults.has(name),
    brokenBy: faults.get(name) ?? null,
    ...counts,
  }))
}

/** No operation on headers writes where a credential may stand. */
function isOne({ outcome }: DecisionClass, { catalogue }: World): boolean {
  if (outcome.action === 'reject') return true
  const headers = credentialHeaders(catalogue)
  return outcome.actions.every(({ request }) => {
    const renamed = Object.values(request?.rename ?? {})
    const written = [request?.set, request?.add, request?.append].flatMap((values) =>
      Object.keys(values ?? {}),
    )
    return ![...renamed, ...written].some((name) => headers.has(lowerName(name)))
  })
}

/** There is no request of the class whose credential is of a kind that is not accepted. */
function isAccepted({ outcome, formulas }: DecisionClass, { reasoner, kinds }: World): boolean {
  if (outcome.action === 'reject') return true
  const { leaving, upstream, also } = outcome
  if (also.length > 0 || leaving.type === 'none' || leaving.type === 'given') return true
  const named = (forward: 'admin' | 'never') =>
    among(
      'kind',
      kinds.filter((kind) => kind.forward === forward).map(({ name }) => name),
    )
  const refused = anyOf([
    named('never'),
    upstream.accepts === null ? named('admin') : not(among('kind', upstream.accepts)),
  ])
  return (
    isNever(refused) ||
    reasoner.solve(...formulas, { type: 'present', subject: 'credential', holds: true }, refused)
      .verdict === 'no'
  )
}

/** No template reads the header that clients show their tokens in. */
function hidesToken({ outcome }: DecisionClass, { config }: World): boolean {
  if (outcome.action === 'reject' || config.clients === null) return true
  const headers = config.clients.places.flatMap((place) =>
    place.in === 'header' ? [place.name] : [],
  )
  const templates = outcome.actions.flatMap(({ request }) =>
    [request?.set, request?.add, request?.append].flatMap((values) => Object.values(values ?? {})),
  )
  return !templates
    .flatMap((text) => parseTemplate(text))
    .some(
      (part) =>
        part.type === 'request-header' &&
        headers.includes(lowerName(part.name)) &&
        !headers.includes('authorization'),
    )
}

/** Whether each promise is kept by what was really decided. */
function seen(request: RequestView, one: DecisionClass, world: World): readonly boolean[] {
  const observed = observe(request, one.fallback, world)
  if (observed === null || observed.decision.action === 'reject') return PROMISES.map(() => true)
  const { decision, explanation, isFallback } = observed
  const { accepts } = decision.upstream.config
  const also = one.outcome.action === 'forward' ? one.outcome.also : []
  const headers = credentialHeaders(world.catalogue)
  const names = fieldPairs(decision.headers).map(([name]) => lowerName(name))
  const isTaken =
    isFallback ||
    accepts === null ||
    explanation.leaving.every(({ kind }) => kind === null || accepts.includes(kind.name))
  return [
    names.filter((name) => headers.has(name)).length <= 1 + also.length,
    isTaken,
    !decision.headers.some((text) => text.includes(TOKEN_START)),
  ]
}

/** What the stand-ins for clients' tokens begin with. */
const TOKEN_START = standInToken('')
