import { listWords } from '../diagnostics/suggest.ts'
import { formatPlace } from '../language/place.ts'
import { parsePlacement } from '../language/placement.ts'
import { normalizeCondition } from '../normalize/normalize-condition.ts'
import { normalizeMatch } from '../normalize/normalize-match.ts'
import type { RulePart } from '../schema/model.ts'
import type { Catalogue } from '../shapes/catalogue.ts'
import type { Route } from '../shapes/config.generated.ts'
import type { NormalCondition, NormalKind, NormalPlacement } from '../shapes/normal-config.ts'
import type { Path } from '../text/document.ts'
import { orElse } from './attempt.ts'
import { type CheckContext, warningAt } from './check-context.ts'
import { createFileReasoner } from './reasoning/file-reasoner.ts'
import { type Formula, not } from './reasoning/formula.ts'
import { matchFormula } from './reasoning/match-formula.ts'
import { requiredPrefix } from './reasoning/required-prefix.ts'
import { shapeOf } from './reasoning/rule-shape.ts'
import { showRequest } from './reasoning/request/show-request.ts'
import { endsSearch, passesOf } from './rule-flow.ts'

/** Warns of rules whose prefix catches credentials of a kind that its provider takes elsewhere. */
export function lintOtherKinds(context: CheckContext): void {
  const { kinds } = context
  const homes = new Map(kinds.map((kind) => [kind.name, homeOf(kind, context.catalogue)]))
  const { isFree, show } = createKindJudge(context)
  const accepts = acceptsOf(context)
  for (const route of context.model.ruleSets) {
    const earlier: NormalCondition[] = []
    for (const rule of route.rules) {
      const condition = rule.value.if ? normalizeCondition(rule.value.if) : null
      if (!condition) {
        if (endsSearch(rule)) break
        continue
      }
      const accepted = accepts.get(rule.value.upstream ?? route.value.upstream ?? '') ?? null
      const caught = caughtKinds(condition, kinds).filter(({ name }) => accepted?.has(name) ?? true)
      const others = caught.length > 1 ? misplaced(rule, caught, homes) : []
      const free = others.filter((kind) => isFree(kind, condition, earlier))
      const [first] = free
      const shown = first && show(route.value.match, first, condition, earlier)
      if (shown) context.report({ ...describe(rule, free, homes), ...shown })
      if (endsSearch(rule)) break
      const passes = passesOf(rule.value)
      if (passes !== 'all')
        earlier.push(passes === 'rest' ? condition : { type: 'not', of: condition })
    }
  }
}

/** Where a kind's own provider wants it; null: that is not known. */
function homeOf(kind: NormalKind, { providers }: Catalogue): string | null {
  const provider = providers.find(({ name }) => name === kind.provider)
  const rule = provider?.rules.find(
    ({ if: condition }) =>
      condition === null || (condition.type === 'kind' && condition.in.includes(kind.name)),
  )
  return rule?.then.use ? describeHome(rule.then.use) : null
}

function describeHome(placement: NormalPlacement): string | null {
  if (placement.place === 'none' || placement.value !== null) return null
  const { place, scheme } = placement
  const where = formatPlace(place)
  return scheme === null ? where : `${where} ${scheme.toLowerCase()}`
}

function acceptsOf({
  model,
  catalogue,
}: CheckContext): ReadonlyMap<string, ReadonlySet<string> | null> {
  return new Map(
    model.upstreams.map(({ name, value }) => {
      const provider = catalogue.providers.find((known) => known.name === value.provider)
      const accepts = value.accepts ?? provider?.accepts
      return [name, accepts ? new Set(accepts) : null]
    }),
  )
}

/** Kinds whose prefixes a condition on the credential's value lets through. */
function caughtKinds(
  condition: NormalCondition,
  kinds: readonly NormalKind[],
): readonly NormalKind[] {
  const parts = condition.type === 'all' ? condition.of : [condition]
  const prefixes = parts.flatMap((part) =>
    part.type === 'credential' ? (requiredPrefix(part.matcher) ?? []) : [],
  )
  if (prefixes.length === 0) return []
  return kinds.filter(
    (kind) =>
      kind.forward !== 'never' &&
      kind.prefixes?.some((start) => prefixes.every((prefix) => start.startsWith(prefix))),
  )
}

/** Of the kinds that a rule catches, those that belong elsewhere, while others belong where it puts them. */
function misplaced(
  rule: RulePart,
  caught: readonly NormalKind[],
  homes: ReadonlyMap<string, string | null>,
): readonly NormalKind[] {
  const use = rule.value.use
  const place = use === undefined ? null : orElse(() => describeHome(parsePlacement(use)), null)
  if (place === null || !caught.some((kind) => homes.get(kind.name) === place)) return []
  return caught.filter((kind) => {
    const home = homes.get(kind.name)
    return home !== null && home !== place
  })
}

/** Judges whether a rule gets a credential of a kind: none before it takes them all, nor does its own condition keep them out. */
interface KindJudge {
  readonly isFree: (...asked: Asked) => boolean
  /** A request that the rule gets. */
  readonly show: (match: Route['match'], ...asked: Asked) => ReturnType<typeof showRequest>
}

type Asked = readonly [
  kind: NormalKind,
  condition: NormalCondition,
  earlier: readonly NormalCondition[],
]

/** The same is asked of thousands of routes that differ in names. */
function createKindJudge(context: CheckContext): KindJudge {
  const reasoner = createFileReasoner(context)
  const known = new Map<string, boolean>()
  const formulasOf = (...[kind, condition, earlier]: Asked): readonly Formula[] => [
    { type: 'facet', facet: 'kind', names: [kind.name], holds: true },
    reasoner.formulaOf(condition),
    ...earlier.map((before) => not(reasoner.formulaOf(before))),
  ]
  return {
    isFree(...asked) {
      const [kind, condition, earlier] = asked
      const rules = [condition, ...earlier].map((one) => ({
        condition: one,
        passes: 'rest' as const,
      }))
      const key = `${kind.name} ${shapeOf(rules, null)}`
      const isFree =
        known.get(key) ??
        orElse(() => reasoner.solve(...formulasOf(...asked)).verdict !== 'no', true)
      known.set(key, isFree)
      return isFree
    },
    show: (match, ...asked) =>
      orElse(() => {
        const route = matchFormula(normalizeMatch(match), reasoner)
        return showRequest(reasoner, route, ...formulasOf(...asked))
      }, {}),
  }
}

function describe(
  rule: RulePart,
  kinds: readonly NormalKind[],
  homes: ReadonlyMap<string, string | null>,
): ReturnType<typeof warningAt> {
  const names = kinds
    .slice(0, 3)
    .map((kind) => `${kind.description ?? kind.name} (${kind.prefixes?.[0]}…)`)
  const [first] = kinds
  const home = homes.get(first?.name ?? '') ?? ''
  return warningAt(
    matcherPath(rule),
    'catches-other-kind',
    `this catches ${listWords(names)} too, which ${kinds.length === 1 ? 'goes' : 'go'} as ${home}`,
    { hint: `put a rule before it: if credential prefix ${first?.prefixes?.[0]} use ${home}` },
  )
}

function matcherPath({ path, value }: RulePart): Path {
  const credential = value.if?.credential
  const key = credential?.matches === undefined ? 'prefix' : 'matches'
  const isDirect = credential?.[key] !== undefined
  return [...path, 'if', ...(isDirect ? ['credential', key] : [])]
}
