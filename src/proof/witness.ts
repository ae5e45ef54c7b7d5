import type { CredentialSample } from '../config/checks/reasoning/credential-readings.ts'
import { type Facts, factsOf, leftOf } from '../config/checks/reasoning/facts.ts'
import type { Subject } from '../config/checks/reasoning/formula.ts'
import { findAddress } from '../config/checks/reasoning/networks.ts'
import { DEFAULT_PLACES } from '../config/language/credential-places.ts'
import { formatPlace, parsePlace } from '../config/language/place.ts'
import { parseTemplate } from '../config/language/template.ts'
import type { Place } from '../config/shapes/normal-config.ts'
import { lowerName } from '../http/fields/header-names.ts'
import { appendQuery } from '../http/target/request-target.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { withToken } from '../testing/request.ts'
import type { DecisionClass } from './outcome.ts'
import type { World } from './world.ts'

/** A request of which facts are so; null where it can't be written down. Throws CantTell. */
export function writeWitness(
  facts: Facts,
  world: World,
  extra: readonly string[] = [],
): RequestView | null {
  const sample = (subject: Subject): string | null =>
    world.reasoner.sampleOf(facts, subject) ?? null
  const peerIp = findAddress(facts.address)
  if (peerIp === null) return null
  const headers = ['Host', writeHost(sample('host') ?? '')]
  let query: string | null = null
  for (const subject of facts.texts.keys()) {
    const [sort, name = ''] = subject.split(' ', 2)
    const text = sort === 'header' || sort === 'query' ? sample(subject) : null
    if (text === null || name === 'host') continue
    if (sort === 'header') headers.push(name, text)
    else query = appendQuery(query, name, text)
  }
  for (const name of extra)
    if (factsOf(facts, `header ${name}`).isPresent === null && !headers.includes(name))
      headers.push(name, 'x')
  const path = sample('path') ?? '/'
  const view: RequestView = {
    method:
      factsOf(facts, 'method').wanted.length > 0
        ? (sample('method') ?? 'GET')
        : methodOf(facts, world),
    target: query === null ? path : `${path}?${query}`,
    headers,
    peerIp,
    protocol: 'http',
    id: 'proof',
  }
  const credential = sample('credential') === null ? null : world.reasoner.credentialOf(facts)
  const withCredential = credential === null ? view : addCredential(view, facts, credential)
  if (withCredential === null) return null
  const isConflict = facts.flags.get('conflict') === true
  const whole = isConflict ? addSecond(withCredential, facts) : withCredential
  return addClient(whole, sample('client-name'), world)
}

/** One dot at its end is taken off before the host is looked at. */
function writeHost(host: string): string {
  if (host === '') return 'localhost'
  return host.endsWith('.') ? `${host}.` : host
}

/** Requests of which facts are so: as plain as can be, and with what the classes' operations are about. */
export function* writeWitnesses(
  facts: Facts,
  world: World,
  classes: readonly DecisionClass[],
): Generator<RequestView> {
  const plain = writeWitness(facts, world)
  if (plain !== null) yield plain
  const names = new Set(classes.flatMap(headersOfClass))
  if (names.size > 0) {
    const rich = writeWitness(facts, world, [...names])
    if (rich !== null) yield rich
  }
  if (plain === null) return
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

/** Headers that a class reads, removes or renames. */
function headersOfClass({ outcome }: DecisionClass): readonly string[] {
  if (outcome.action === 'reject') return []
  return outcome.actions.flatMap(({ request }) => {
    const { remove = [], rename = {}, set = {}, add = {}, append = {} } = request ?? {}
    const values = [set, add, append].flatMap((one) => Object.values(one))
    const read = values.flatMap((text) =>
      parseTemplate(text).flatMap((part) => (part.type === 'request-header' ? [part.name] : [])),
    )
    return [
      ...remove,
      ...Object.keys(rename),
      ...Object.keys(add),
      ...Object.keys(set),
      ...read,
    ].map(lowerName)
  })
}

/** Adds another credential in a later place. */
function addSecond(view: RequestView, facts: Facts): RequestView {
  const { source } = facts.facets
  const places = leftOf(source) ?? DEFAULT_PLACES.map(formatPlace)
  const free = places
    .map(parsePlace)
    .filter(({ in: sort, name }) => sort === 'header' && !view.headers.includes(name))
    .at(-1)
  return free === undefined ? view : placeAt(view, free, 'another-TEST')
}

function methodOf(facts: Facts, world: World): string {
  const { unwanted } = factsOf(facts, 'method')
  if (unwanted.length === 0) return 'GET'
  const usual = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']
  const isFree = (method: string): boolean => world.reasoner.fits(facts, 'method', method)
  return usual.find(isFree) ?? world.reasoner.sampleOf(facts, 'method') ?? 'GET'
}

/** Puts a credential where and as the facts let it stand. */
function addCredential(
  view: RequestView,
  facts: Facts,
  { value, reading, password }: CredentialSample,
): RequestView | null {
  const { source, scheme } = facts.facets
  const sources = leftOf(source) ?? DEFAULT_PLACES.map(formatPlace)
  const place = sources
    .filter((name) => !source.except.includes(name))
    .map(parsePlace)
    .find(({ in: sort }) => sort === 'header' || sort === 'query')
  if (place === undefined) return null
  const isAuthorization = place.in === 'header' && place.name === 'authorization'
  const preferred = reading === 'token' ? tokenSchemes(isAuthorization) : BOUND[reading]
  const schemes = leftOf(scheme) ?? preferred.filter((name) => !scheme.except.includes(name))
  const chosen = preferred.find((name) => schemes.includes(name)) ?? schemes[0]
  if (chosen === undefined) return null
  const text = reading === 'basic' ? encodeBasic(value, password, facts) : value
  if (chosen === 'token' && facts.flags.get('parameters') === true)
    return placeAt(view, place, `Token token="${text}", region="x"`)
  return placeAt(view, place, chosen === 'none' ? text : `${written(chosen)} ${text}`)
}

function tokenSchemes(isAuthorization: boolean): readonly string[] {
  return isAuthorization ? ['bearer', 'none', 'token'] : ['none', 'bearer', 'token']
}

const BOUND = { bound: ['digest', 'hawk', 'oauth'], basic: ['basic'] }

/** A Basic credential that begins as `start` does, with a password. */
function encodeBasic(start: string, password: string, facts: Facts): string {
  const padded = start.replace(/=+$/, '').padEnd(Math.ceil(start.length / 4) * 4, 'x')
  const isFree = (facts.texts.get('credential')?.wanted.length ?? 0) === 0
  return (isFree ? '' : padded) + Buffer.from(`:${password}`).toString('base64')
}

function placeAt(view: RequestView, place: Place, text: string): RequestView {
  if (place.in === 'header') {
    const at = view.headers.findIndex((name, index) => index % 2 === 0 && name === place.name)
    if (at >= 0) return { ...view, headers: view.headers.with(at + 1, text) }
    return { ...view, headers: [...view.headers, place.name, text] }
  }
  const [path = '/', query = null] = view.target.split('?', 2)
  return { ...view, target: `${path}?${appendQuery(query, place.name, text)}` }
}

function written(scheme: string): string {
  return scheme.charAt(0).toUpperCase() + scheme.slice(1)
}

function addClient(view: RequestView, name: string | null, { config }: World): RequestView {
  return name === null || config.clients === null ? view : withToken(view, config.clients, name)
}
