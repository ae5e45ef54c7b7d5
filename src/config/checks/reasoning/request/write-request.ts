import { appendQuery } from '../../../../http/target/request-target.ts'
import { DEFAULT_PLACES } from '../../../language/credential-places.ts'
import { formatPlace, parsePlace } from '../../../language/place.ts'
import type { Place } from '../../../shapes/normal-config.ts'
import { type Facts, factsOf, holderOf, leftOf } from '../facts.ts'
import type { Subject } from '../formula.ts'
import { findAddress } from '../networks.ts'
import type { Reasoner } from '../reasoner.ts'
import { writeCredential } from './write-credential.ts'

/** A request as far as facts tell of it; names and values of its headers by turns. */
export interface WrittenRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
  readonly peerIp: string
}

/** Headers that are added where the facts leave it open. */
export interface ExtraHeaders {
  readonly names: readonly string[]
  readonly text: string
}

/** How a request is written. */
export interface Writing {
  readonly extra?: ExtraHeaders
  /** What holds the one credential where it is there. */
  readonly holders?: ReadonlySet<Subject>
}

/** A request of which facts are so; null where it can't be written down. Throws CantTell. */
export function writeRequest(
  facts: Facts,
  reasoner: Reasoner,
  { extra = { names: [], text: '' }, holders }: Writing = {},
): WrittenRequest | null {
  const { names, text: written } = extra
  const sample = (subject: Subject): string | null => reasoner.sampleOf(facts, subject) ?? null
  const peerIp = findAddress(facts.address)
  const isSent = sample('credential') !== null
  const credential = isSent ? writeCredential(facts, reasoner, holders) : null
  if (peerIp === null || (isSent && credential === null)) return null
  const held = credential && holderOf(formatPlace(credential.place))
  const headers = ['Host', writeHost(sample('host') ?? '')]
  let query: string | null = null
  for (const subject of facts.texts.keys()) {
    const sort = subject.split(' ', 1)[0] as string
    const name = subject.slice(sort.length + 1)
    const isRepeated = credential?.repeatedIn.has(subject) === true
    const own = isRepeated ? credential.value : sample(subject)
    const text = sort === 'header' || sort === 'query' ? own : null
    if (text === null || name === 'host' || subject === held) continue
    if (sort === 'header') headers.push(...fieldsOf(name, text))
    else query = appendQuery(query, name, text)
  }
  welcomeOrigin(headers, facts, reasoner)
  for (const name of names) {
    const subject: Subject = `header ${name}`
    const isFree = name !== 'host' && factsOf(facts, subject).isPresent !== false
    if (!isFree || !reasoner.fits(facts, subject, written)) continue
    const at = headers.indexOf(name)
    if (at < 0) headers.push(name, written)
    else headers[at + 1] = written
  }
  const path = sample('path') ?? '/'
  const view: WrittenRequest = {
    method:
      factsOf(facts, 'method').wanted.length > 0
        ? (sample('method') ?? 'GET')
        : methodOf(facts, reasoner),
    target: query === null ? path : `${path}?${query}`,
    headers,
    peerIp,
  }
  const withCredential =
    credential === null ? view : placeAt(view, credential.place, credential.text)
  const isConflict = facts.flags.get('conflict') === true
  return isConflict ? addSecond(withCredential, facts) : withCredential
}

/** White space at its end a field does not have: it stands between one and another that is empty. */
function fieldsOf(name: string, text: string): readonly string[] {
  return text.endsWith(', ') ? [name, text.slice(0, -2), name, ''] : [name, text]
}

/** A page from elsewhere is refused where it would spend a secret: this one comes from the host that is asked. */
function welcomeOrigin(headers: string[], facts: Facts, reasoner: Reasoner): void {
  const at = headers.indexOf('origin')
  const own = `http://${headers[1]}`
  if (at >= 0 && reasoner.fits(facts, 'header origin', own)) headers[at + 1] = own
}

/** One dot at its end is taken off before the host is looked at. */
function writeHost(host: string): string {
  if (host === '') return 'localhost'
  return host.endsWith('.') ? `${host}.` : host
}

/** Adds another credential in a later place. */
function addSecond(view: WrittenRequest, facts: Facts): WrittenRequest {
  const { source } = facts.facets
  const places = leftOf(source) ?? DEFAULT_PLACES.map(formatPlace)
  const free = places
    .map(parsePlace)
    .filter(({ in: sort, name }) => sort === 'header' && !view.headers.includes(name))
    .at(-1)
  return free === undefined ? view : placeAt(view, free, 'another-TEST')
}

function methodOf(facts: Facts, reasoner: Reasoner): string {
  const { unwanted } = factsOf(facts, 'method')
  if (unwanted.length === 0) return 'GET'
  const usual = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS']
  const isFree = (method: string): boolean => reasoner.fits(facts, 'method', method)
  return usual.find(isFree) ?? reasoner.sampleOf(facts, 'method') ?? 'GET'
}

function placeAt(view: WrittenRequest, place: Place, text: string): WrittenRequest {
  if (place.in === 'header') {
    const at = view.headers.findIndex((name, index) => index % 2 === 0 && name === place.name)
    if (at >= 0) return { ...view, headers: view.headers.with(at + 1, text) }
    return { ...view, headers: [...view.headers, place.name, text] }
  }
  if (place.in === 'cookie')
    return { ...view, headers: [...view.headers, 'cookie', `${place.name}=${text}`] }
  const [path = '/', query = null] = view.target.split('?', 2)
  return { ...view, target: `${path}?${appendQuery(query, place.name, text)}` }
}
