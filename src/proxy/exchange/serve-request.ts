import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, answerOf } from '../../answers/answers.ts'
import type { Decision, Forward, Rejection } from '../../routing/decide/decision.ts'
import type { Handshake } from '../client/handshake.ts'
import { asksForWebSocket } from '../client/handshake.ts'
import { findFault } from '../client/message-fault.ts'
import { connectionOf } from '../client/node-connection.ts'
import { NodeResponse } from '../client/node-response.ts'
import type { OwnAnswer } from '../client/own-answer.ts'
import { announcedLength } from '../client/request-body.ts'
import { answerEcho } from '../echo/echo.ts'
import { decideByTable } from './decide-request.ts'
import { Exchange } from './exchange.ts'
import { passGate } from './gate.ts'
import { type Incoming, targetOf } from './incoming.ts'
import type { ProxyContext } from './proxy-context.ts'
import { Recording } from './recording/recording.ts'
import { refuse } from './refuse.ts'
import { readRequestId } from './request-id.ts'
import { SecretUse } from './secret-use.ts'
import { takeShare } from './take-share.ts'
import { createEndSpan } from './trace/end-span.ts'
import { openTrace, type RequestTrace } from './trace/request-trace.ts'

/** A request, what it is answered with, and what brought it. */
export type Arrival = Omit<Incoming, 'id' | 'permit' | 'trace' | 'recording'>

/** Serves one request of Node's own server; requests on one connection go in turn. */
export function serveRequest(
  context: ProxyContext,
  request: IncomingMessage,
  response: ServerResponse,
  handshake: Handshake | null = null,
): void {
  const connection = connectionOf(request.socket)
  const arrival = { context, connection, request, response: new NodeResponse(response), handshake }
  connection.inTurn(() => serveOn(arrival))
}

/** Serves one request: decides, then forwards or answers. */
export function serveOn(arrival: Arrival): void {
  const { context, connection, request, response, handshake } = arrival
  context.requests += 1
  const id = context.identify(readRequestId(request, context.store.current))
  const { trace: mode } = context.store.current.config.server
  const trace = openTrace(request.headers, mode, context.tracing)
  const recording = startRecording(arrival, id, trace)
  const incoming = {
    context,
    connection,
    request,
    response,
    id,
    handshake,
    permit: null,
    trace,
    recording,
  }
  serveNow(incoming)
}

/** null: nobody wants to hear of it. */
function startRecording(
  arrival: Arrival,
  id: string,
  trace: RequestTrace | null,
): Recording | null {
  const { context, request } = arrival
  const { onExchange, noteSecrets, open } = context
  if (onExchange === null && noteSecrets === null && context.tracing === null) return null
  const target = targetOf(arrival)
  const { scanner } = context.store.current
  const secretUse = noteSecrets && new SecretUse(id, noteSecrets)
  const { traceId = null, span = null } = trace ?? {}
  const endSpan = span && createEndSpan(span, arrival)
  const sources = { onExchange, secretUse, endSpan, open, scanner }
  return new Recording({ id, method: request.method as string, target, traceId }, sources)
}

function serveNow(incoming: Incoming): void {
  const decision = decideRequest(incoming)
  if (decision === null) return
  incoming.recording?.decide(decision)
  if (decision.action === 'reject') refuse(incoming, asAnswer(decision), decision)
  else if (!takeShare(incoming))
    refuse(incoming, { ...answerOf('address_busy'), errors: decision.errors }, decision)
  else if (decision.charges.length === 0) forward(incoming, decision)
  else void passGate(incoming, decision, (admitted) => forward(admitted, decision))
}

function forward(incoming: Incoming, decision: Forward): void {
  if (decision.upstream.builtin === 'echo') answerEcho(incoming, decision)
  else new Exchange(incoming, decision).start()
}

/** The decision; null where the message was refused before there was one. */
function decideRequest(incoming: Incoming): Decision | null {
  const { context, request } = incoming
  const fault = findFault(request, context.limits.headerFields)
  // Node does not parse what follows an upgrade, so a body would pass for frames.
  const isHandshake = incoming.handshake !== null || asksForWebSocket(request)
  if (isHandshake && announcedLength(request) !== 0)
    return refuseUnasked(incoming, answerOf('handshake_with_body'))
  if (fault !== null) {
    if (fault.isFraming) closeBehind(incoming)
    return refuseUnasked(incoming, fault)
  }
  // TRACE would send back what Keyway put on the request: another's credential among it.
  if (request.method === 'TRACE') return refuseUnasked(incoming, answerOf('trace_refused'))
  return decideByTable(incoming) ?? refuseUnasked(incoming, answerOf('bad_target'))
}

/** Refuses what no route was looked up for, so that nobody knows which envelope its client reads. */
function refuseUnasked(incoming: Incoming, answer: Answer): null {
  return refuse(incoming, { ...answer, errors: 'problem' }, null)
}

function closeBehind({ connection, response }: Incoming): void {
  connection.closeBehind()
  response.shouldKeepAlive = false
}

function asAnswer(rejection: Rejection): OwnAnswer {
  const { retryAfterMs } = rejection
  if (retryAfterMs === null) return rejection
  return { ...rejection, retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) }
}
