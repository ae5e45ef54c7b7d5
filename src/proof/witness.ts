import { orElse } from '../config/checks/attempt.ts'
import type { Facts } from '../config/checks/reasoning/facts.ts'
import type { Formula, Subject } from '../config/checks/reasoning/formula.ts'
import { heldAsOne } from '../config/checks/reasoning/request/held-as-one.ts'
import { type Writing, writeRequest } from '../config/checks/reasoning/request/write-request.ts'
import { CantTell } from '../config/checks/reasoning/verdict.ts'
import { DEFAULT_PLACES } from '../config/language/credential-places.ts'
import { headersOf } from '../config/language/place.ts'
import { parseTemplate } from '../config/language/template.ts'
import { lowerName } from '../http/fields/header-names.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { withToken } from '../testing/request.ts'
import type { DecisionClass } from './outcome.ts'
import { ABSENT, PRESENT, usedPlaces } from './route-formula.ts'
import type { World } from './world.ts'

/** What requests are looked for. */
export interface Asked {
  /** What is so of them. */
  readonly formulas: readonly Formula[]
  /** Whose operations they are to show. */
  readonly classes: readonly DecisionClass[]
}

/** Requests of which facts are so, that were found for formulas; then such of which other facts are. Throws CantTell. */
export function* writeWitnesses(facts: Facts, asked: Asked, world: World): Generator<RequestView> {
  const known = new Set<string>()
  for (const request of witnesses(facts, asked, world)) {
    const { method, target, headers, peerIp } = request
    const key = JSON.stringify([method, target, headers, peerIp])
    if (known.size < known.add(key).size) yield request
  }
}

function* witnesses(
  facts: Facts,
  { formulas, classes }: Asked,
  world: World,
): Generator<RequestView> {
  let doubt = yield* attemptAll(writeAll(facts, classes, world))
  const { holders, formulas: held } = heldAsOne(formulas)
  // What stands in a header that a condition asks for is a credential too, which formulas do not say.
  const tidy = held.length === 0 ? [] : [held, [...held, PRESENT], [...held, ABSENT]]
  for (const more of [[PRESENT], [ABSENT], ...tidy]) {
    const solution = world.reasoner.solve(...formulas, ...more)
    if (solution.verdict !== 'yes') continue
    doubt = (yield* attemptAll(writeAll(solution.facts, classes, world, holders))) ?? doubt
  }
  for (const other of otherFacts(formulas, world))
    doubt = (yield* attemptAll(writeAll(other, classes, world, holders))) ?? doubt
  if (doubt !== null) throw doubt
}

/** Sets of facts that are tried where requests of the first were not it. */
const MOST_OTHERS = 8

/** Other facts by which all formulas hold and a request can be written down: of the first there may be none, as a field and the credential in it are looked at one by one. */
function otherFacts(formulas: readonly Formula[], world: World): readonly Facts[] {
  const found: Facts[] = []
  world.reasoner.solveFor(
    (facts) => {
      if (orElse(() => writeOne(facts, world, {}), null) !== null) found.push(facts)
      return found.length >= MOST_OTHERS
    },
    ...formulas,
  )
  return found
}

/** All requests until there is no telling, and why there is none. */
function* attemptAll(requests: Iterable<RequestView>): Generator<RequestView, CantTell | null> {
  try {
    yield* requests
    return null
  } catch (error) {
    if (error instanceof CantTell) return error
    throw error
  }
}

/** Requests of which facts are so: as plain as can be, and with what the classes' operations are about. */
function* writeAll(
  facts: Facts,
  classes: readonly DecisionClass[],
  world: World,
  holders: ReadonlySet<Subject> = new Set(),
): Generator<RequestView> {
  const plain = writeOne(facts, world, { holders })
  if (plain !== null) yield plain
  const names = [...new Set(classes.flatMap(headersOfClass))]
  for (const text of names.length === 0 ? [] : ['x', ...acceptedTexts(classes, world)]) {
    const rich = writeOne(facts, world, { holders, extra: { names, text } })
    if (rich !== null) yield rich
  }
  if (plain !== null) yield* longerOnes(plain, facts, world)
}

/** A request of which facts are so; null where it can't be written down. Throws CantTell. */
function writeOne(facts: Facts, world: World, writing: Writing): RequestView | null {
  const written = writeRequest(facts, world.reasoner, writing)
  if (written === null) return null
  const name = world.reasoner.sampleOf(facts, 'client-name') ?? null
  return addClient({ ...written, protocol: 'http', id: 'proof' }, name, world)
}

/** The same request with more behind its path and in its query. */
function* longerOnes(plain: RequestView, facts: Facts, world: World): Generator<RequestView> {
  for (const [path, query] of [
    ['/x', ''],
    ['', '?x=1'],
    ['/x/y', '?key=x&x=1'],
  ] as const) {
    const [own = '/', rest] = plain.target.split('?', 2)
    const longer = own.endsWith('/') ? own + path.slice(1) : own + path
    if (world.reasoner.fits(facts, 'path', longer))
      yield { ...plain, target: longer + (rest === undefined ? query : `?${rest}`) }
  }
}

/** A credential of a kind that the upstream of each class accepts, for what makes one of the request. */
function acceptedTexts(
  classes: readonly DecisionClass[],
  { kinds }: Pick<World, 'kinds'>,
): readonly string[] {
  const accepted = classes.flatMap(({ outcome }) =>
    outcome.action === 'forward' ? (outcome.upstream.accepts ?? []) : [],
  )
  const prefix = kinds.find(({ name, prefixes }) => accepted.includes(name) && prefixes?.length)
    ?.prefixes?.[0]
  return prefix === undefined ? [] : [`${prefix}x`]
}

/** Headers in which every request may show a credential: with a text in them it would be another request. */
const HELD: ReadonlySet<string> = new Set(headersOf(DEFAULT_PLACES))

/** Headers that a class reads, removes or renames. */
function headersOfClass({ outcome, route }: DecisionClass): readonly string[] {
  if (outcome.action === 'reject') return []
  const { leaving, also } = outcome
  const given = [...(leaving.type === 'given' ? [leaving.placement] : []), ...also]
    .flatMap(({ value, basic }) => [value, basic?.user, basic?.password])
    .filter((text) => text != null)
  const named = outcome.actions.flatMap(({ request }) => {
    const { remove = [], rename = {}, set = {}, add = {}, append = {} } = request ?? {}
    const read = [set, add, append].flatMap((one) => Object.values(one)).flatMap(headersIn)
    return [...remove, ...Object.keys(rename), ...Object.keys(add), ...Object.keys(set), ...read]
  })
  const cleared = (route === null ? [] : usedPlaces(route)).flatMap(({ place }) =>
    place.in === 'header' && !HELD.has(place.name) ? [place.name] : [],
  )
  return [...given.flatMap(headersIn), ...named, ...cleared].map(lowerName)
}

/** Headers of the request that a template reads. */
function headersIn(text: string): readonly string[] {
  return parseTemplate(text).flatMap((part) => (part.type === 'request-header' ? [part.name] : []))
}

function addClient(view: RequestView, name: string | null, { config }: World): RequestView {
  return name === null || config.clients === null ? view : withToken(view, config.clients, name)
}
