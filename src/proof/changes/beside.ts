import type { NormalAction, NormalConfig } from '../../config/shapes/normal-config.ts'
import type { NormalUpstream } from '../../config/shapes/normal-upstream.ts'
import type { DecisionDifference } from '../../routing/decide/explain/compare-decisions.ts'
import type { DecisionClass } from '../outcome.ts'
import type { World } from '../world.ts'
import { ANOTHER_CREDENTIAL, ANOTHER_HOST, ANSWERED_OTHERWISE, LEAVES_OTHERWISE } from './danger.ts'

/** What a file says of a class that no decision shows: how the upstream is reached, what stands behind a secret's name, how it is answered. */
export type Beside = ReadonlyMap<string, string | null>

/** What is said of a class beside its decisions, by names for people; null: nothing. */
export function besideOf(one: DecisionClass, { config }: Pick<World, 'config'>): Beside {
  const { outcome, fallback, route } = one
  if (outcome.action === 'reject')
    return new Map([
      ['message', outcome.told?.message ?? null],
      ['answer headers', written(outcome.told?.headers)],
      ['response headers', written(ownAnswersOf(outcome.responses))],
    ])
  const { upstream, actions, secrets } = outcome
  return new Map([
    ...connectionOf(upstream),
    [TRACE, config.server.trace],
    ['x-forwarded-proto', upstream.forwarded ? schemeOf(config) : null],
    [OWN_URLS, mayRewriteUrls(actions) ? schemeOf(config) : null],
    ['failures', fallback === null ? null : written(route?.fallback[fallback]?.on)],
    ...secrets.map((name) => [`secret ${name}`, written(sourcesOf(name, config))] as const),
    ['response headers', written(answersOf(actions.map(({ response }) => response)))],
  ])
}

const TRACE = 'traceparent and tracestate'
const OWN_URLS = 'scheme of URLs in answers that lead back here'

/** What is said of requests in words that a person can read. */
const IN_WORDS: ReadonlySet<string> = new Set([TRACE, 'x-forwarded-proto', OWN_URLS])

/** How clients are served, and so what they have asked. */
function schemeOf({ server }: Pick<NormalConfig, 'server'>): string {
  return server.listen.tls === null ? 'http' : 'https'
}

/** Whether URLs of the upstream's own become the client's in some answer: in redirects they do by default. */
function mayRewriteUrls(actions: readonly NormalAction[]): boolean {
  const responses = actions.flatMap(({ response }) => response ?? [])
  const mode = responses.findLast(({ location }) => location != null)?.location
  return mode !== 'keep' || responses.some(({ urls = [] }) => urls.length > 0)
}

/** Whether a credential, the client's or the operator's, leaves with requests of a class. */
export function sentBy({ outcome }: DecisionClass): 'a credential' | 'none' {
  if (outcome.action === 'reject') return 'none'
  const { leaving, also, secrets, upstream } = outcome
  const isSent = leaving.type !== 'none' || also.length > 0 || secrets.length > 0
  return isSent || upstream.tls.cert !== null ? 'a credential' : 'none'
}

type Response = NormalAction['response']

/** What is done to an upstream's answer, in order; null: nothing. */
function answersOf(responses: readonly Response[]): unknown {
  const some = responses.filter((one) => one !== null && Object.keys(one).length > 1)
  return some.length === 0 ? null : some
}

/** What is done to an answer of Keyway's own: only where all answers are meant, and to its headers alone. */
function ownAnswersOf(responses: readonly Response[]): unknown {
  return answersOf(
    responses.flatMap((one): Response[] => {
      if (one?.answers !== 'all') return []
      const { location: _, urls: __, ...fields } = one
      return [fields]
    }),
  )
}

/** What a secret is read from. */
export function sourcesOf(name: string, { secrets }: Pick<NormalConfig, 'secrets'>): unknown {
  return secrets.find((secret) => secret.name === name)?.sources
}

function connectionOf({ socket, proxy, tls }: NormalUpstream): [string, string | null][] {
  const { insecure, ca, servername, cert, key } = tls
  return [
    ['socket', socket],
    ['proxy', proxy],
    [VERIFICATION, insecure ? null : written([ca, servername])],
    ['client certificate', written(cert === null ? null : [cert, key])],
  ]
}

const VERIFICATION = 'verification of the certificate'

function written(value: unknown): string | null {
  return value == null ? null : JSON.stringify(value)
}

/** One such respect in which two classes differ, and how dangerous that is. */
export interface BesideDifference extends DecisionDifference {
  readonly danger: number
}

/** How classes differ in what no decision shows; `sent` says what those of the new file send. */
export function compareBeside(
  before: Beside,
  after: Beside,
  sent: 'a credential' | 'none',
): readonly BesideDifference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((what) => {
    const [was, is] = [before.get(what), after.get(what)]
    // What only one of them has is no other: the decisions show that.
    if (was === undefined || is === undefined || was === is) return []
    return [{ what, ...wordsFor(what, was, is), danger: dangerIn(what, was, is, sent) }]
  })
}

function wordsFor(
  what: string,
  was: string | null,
  is: string | null,
): Pick<DecisionDifference, 'before' | 'after'> {
  if (IN_WORDS.has(what)) return { before: was ?? 'none', after: is ?? 'none' }
  return { before: was === null ? 'none' : 'one', after: is === null ? 'none' : 'another' }
}

function dangerIn(
  what: string,
  was: string | null,
  is: string | null,
  sent: 'a credential' | 'none',
): number {
  const danger = dangerOfAll(what, was, is)
  return danger === ANOTHER_HOST && sent === 'none' ? LEAVES_OTHERWISE : danger
}

function dangerOfAll(what: string, was: string | null, is: string | null): number {
  if (what === 'socket' || what === VERIFICATION) return ANOTHER_HOST
  if (what === TRACE || what === 'x-forwarded-proto') return LEAVES_OTHERWISE
  if (what === 'proxy') return is === null ? LEAVES_OTHERWISE : ANOTHER_HOST
  if (what === 'failures') return isMore(was, is) ? ANOTHER_HOST : LEAVES_OTHERWISE
  if (what.startsWith('secret ') || what === 'client certificate') return ANOTHER_CREDENTIAL
  return ANSWERED_OTHERWISE
}

function isMore(was: string | null, is: string | null): boolean {
  const [before, after] = [was, is].map((list) => JSON.parse(list ?? '[]') as unknown[])
  return (after ?? []).some((failure) => !before?.includes(failure))
}
