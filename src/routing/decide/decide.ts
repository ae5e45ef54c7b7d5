import { answerOf } from '../../answers/answers.ts'
import { describePlace } from '../../config/language/place.ts'
import type { Credential } from '../../credentials/credential.ts'
import type { Extraction } from '../../credentials/extract.ts'
import { isUnsafePath } from '../../http/target/unsafe-path.ts'
import { readParameters } from '../rules/path-test.ts'
import { RequestContext } from '../rules/request-context.ts'
import type { RequestView } from '../rules/request-view.ts'
import type { Destination, Route, Rule, Use } from '../rules/route.ts'
import { isAmbiguousPath, type Outcome } from './ambiguous-path.ts'
import { takeClientToken } from './credential/client-token.ts'
import type { OutgoingCredential } from './credential/outgoing-credential.ts'
import { chooseAlong, chooseOutgoing, isSamePlace } from './credential/place-credential.ts'
import type { DecideSettings, DecisionObserver } from './decide-settings.ts'
import type { Decision, Rejection } from './decision.ts'
import { type DecideFallback, fallBackFor503, withFallbacks } from './fallbacks.ts'
import { isForeignPage } from './foreign-page.ts'
import { createForward } from './forward.ts'
import { findClientIp } from './forwarded.ts'
import { isLoop } from './loops.ts'
import { conflictOf, describeNotAccepted, describeRefused, rejectLeak } from './refusals.ts'
import { createRejection } from './rejection.ts'
import { createEditOwn, withEdit } from './response/own-answers.ts'
import { type Selection, selectActions, type Verdict } from './select-actions.ts'
import type { Step } from './step.ts'

const UNSAFE_TARGET =
  'A value of this request would make a path that holds "." or ".." as a segment, or bytes that no path may hold.'

/** Decides what becomes of one request. Pure: no I/O, no clock; never throws. */
export function decide(
  settings: DecideSettings,
  request: RequestView,
  observer: DecisionObserver | null,
): Decision {
  const context = new RequestContext(request)
  context.isPeerTrusted = settings.isTrusted(request.peerIp)
  context.clientIp = findClientIp(context, settings.isTrusted)
  if (isUnsafePath(context.path) || context.query?.includes('#'))
    return createRejection(null, context, answerOf('unsafe_path'))
  if (isLoop(settings.loops, context))
    return createRejection(null, context, answerOf('loop_detected'))
  const route = settings.findRoute(context)
  observer?.onRoute(route, context)
  const decision =
    takeClientToken(settings.clients, route, context) ??
    rejectAmbiguous(settings, route, context) ??
    (route === null
      ? createRejection(null, context, answerOf('no_route'))
      : decideOnRoute(settings, route, context, observer))
  if (decision.action === 'forward' || route === null) return decision
  return withEdit(decision, createEditOwn([route.action], context))
}

function rejectAmbiguous(
  settings: DecideSettings,
  route: Route | null,
  context: RequestContext,
): Decision | null {
  if (!isAmbiguousPath(route, context, (other) => judge(settings, other))) return null
  return createRejection(route, context, answerOf('ambiguous_path'))
}

function judge(settings: DecideSettings, context: RequestContext): Outcome {
  const route = settings.findRoute(context)
  const selection = route && select(route, context, null)
  if (selection === null || 'action' in selection) {
    const { status = null } = (selection ?? {}) as Partial<Rejection>
    return { route, rule: null, destination: null, applied: [], status }
  }
  const { rule, destination, reject, use, also, actions } = selection
  const applied = [use, ...also, ...actions]
  return { route, rule, destination, applied, status: reject?.status ?? null }
}

/** What the route and its rules do to a request, or why it gets no further. */
function select(
  route: Route,
  context: RequestContext,
  observer: DecisionObserver | null,
): Selection | Decision {
  const extraction = route.extract(context.request.headers, context.names, context.query)
  const unfit = takeCredential(route, context, extraction)
  if (unfit) return unfit
  if (route.hasParameters) context.addCaptures(readParameters(route.pattern, context.path), 'whole')
  const observe =
    observer && ((rule: Rule, verdict: Verdict) => observer.onRule(rule, verdict, context))
  return selectActions(route, context, observe)
}

function decideOnRoute(
  settings: DecideSettings,
  route: Route,
  context: RequestContext,
  observer: DecisionObserver | null,
): Decision {
  const selection = select(route, context, observer)
  if ('action' in selection) return selection
  const { actions, reject, destination } = selection
  const isAnswered = reject !== null || destination === null
  const decision = isAnswered
    ? answerByFile(route, context, selection)
    : forward(settings, { route, context, selection, destination, observer })
  if (decision.action === 'forward') return decision
  return withEdit(decision, createEditOwn(actions, context, reject?.edit))
}

/** The answer that the file gives; below 400 it is no error, and says what the file says alone. */
function answerByFile(
  route: Route,
  context: RequestContext,
  { reject, rule }: Selection,
): Rejection {
  const answer = answerOf('rejected', reject?.message ?? undefined)
  const { status } = reject ?? answer
  const message = status < 400 ? (reject?.message ?? '') : answer.message
  return createRejection(route, context, { ...answer, status, message }, rule)
}

/** Puts the request's one credential into the context, or says why it can't. */
function takeCredential(
  route: Route,
  context: RequestContext,
  extraction: Extraction,
): Decision | null {
  const { first, second, beside, malformed } = extraction
  if (malformed !== null)
    return createRejection(
      route,
      context,
      answerOf(
        'credential_malformed',
        `What stands in ${describePlace(malformed)} is not one credential, or not one under a scheme that is known.`,
      ),
    )
  if (first === null && beside.length === 0) return null
  context.credential = first
  context.beside = beside
  const never = [first, second, ...beside].find((one) => one?.kind.forward === 'never')
  if (never)
    return createRejection(
      route,
      context,
      answerOf('credential_refused', describeRefused(never.kind)),
    )
  if (first !== null && second !== null && !route.takesFirst)
    return createRejection(route, context, conflictOf(first, second))
  return null
}

function forward(settings: DecideSettings, step: Step): Decision {
  const { route, context, selection, destination, observer } = step
  const rival = findRival(step)
  if (rival !== undefined && context.credential !== null)
    return createRejection(route, context, conflictOf(context.credential, rival), selection.rule)
  const leaving = chooseLeaving(settings, step)
  observer?.onLeaving(leaving, context)
  if (leaving === null) return rejectValue(settings, step)
  const refused = leaving.find((one) => !isAccepted(one, destination))
  if (refused !== undefined)
    return createRejection(
      route,
      context,
      answerOf('credential_not_accepted', describeNotAccepted(refused, destination)),
      selection.rule,
    )
  const decision = createForward(settings, step, leaving)
  if (decision === 'unsafe')
    return createRejection(route, context, answerOf('unsafe_path', UNSAFE_TARGET), selection.rule)
  if (decision === null) return rejectValue(settings, step)
  if (spendsForAPage(settings, route, context))
    return createRejection(route, context, answerOf('foreign_origin'), selection.rule)
  const leak = settings.gate(decision, destination, leaving, context)
  return leak === null ? withFallbacks(step, decision, waysOn(settings)) : rejectLeak(leak, step)
}

/** The credential that leaves, and those that go along with it; null: one can't be had. */
function chooseLeaving(
  { teller: { classify } }: DecideSettings,
  { selection: { use, also }, context }: Step,
): readonly OutgoingCredential[] | null {
  const { credential } = context
  const isAlong = credential !== null && goesAlong(also, credential)
  const outgoing = chooseOutgoing(use, isAlong ? null : credential, context, classify)
  if (outgoing === null || also.length === 0) return outgoing && [outgoing]
  const along = chooseAlong(also, context, classify)
  return along && [outgoing, ...along]
}

function goesAlong(also: readonly Use[], { place }: Credential): boolean {
  return also.some(({ placement, value }) => value === null && isSamePlace(placement, place))
}

/** Whether two credentials were sent where one is looked for: no rule that held lets the other go along. */
function findRival({ route, context, selection: { also } }: Step): Credential | undefined {
  const { credential, beside } = context
  if (credential === null || beside.length === 0 || route.takesFirst) return undefined
  return beside.find(
    (other) =>
      other.value !== credential.value && route.isSearched(other.place) && !goesAlong(also, other),
  )
}

/** Whether a web page from elsewhere would spend a secret without anybody showing a token. */
function spendsForAPage({ pages }: DecideSettings, route: Route, context: RequestContext): boolean {
  if (context.secrets.length === 0 || context.clientName !== undefined) return false
  return isForeignPage(pages, route, context)
}

/** Refuses a request whose values can't be had, or can't stand where the file puts them. */
function rejectValue(settings: DecideSettings, step: Step): Decision {
  const { route, context, selection } = step
  if (context.missingSecret !== null)
    return fallBackFor503(step, waysOn(settings)) ?? rejectWithoutSecret(settings, step)
  return createRejection(route, context, answerOf('bad_value'), selection.rule)
}

/** How a fallback decides: from the request as it came, so that nothing of the first decision goes along. */
function waysOn(settings: DecideSettings): DecideFallback {
  return (route, context) => decideOnRoute(settings, route, context, null)
}

function rejectWithoutSecret(settings: DecideSettings, step: Step): Decision {
  const { route, context, selection } = step
  const { missingSecret } = context
  const retryAfterMs = missingSecret === null ? null : settings.secretRetryAfterMs(missingSecret)
  const answer = answerOf(retryAfterMs === null ? 'secret_unavailable' : 'keys_resting')
  return { ...createRejection(route, context, answer, selection.rule), retryAfterMs }
}

function isAccepted({ kind, value }: OutgoingCredential, { isRefused }: Destination): boolean {
  return kind === null || !isRefused(kind, value)
}
