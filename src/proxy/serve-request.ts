import type { IncomingMessage, ServerResponse } from 'node:http'
import { toOriginForm } from '../http/absolute-form.ts'
import { expectsContinue, findFault } from '../http/message-fault.ts'
import type { Decision, Forward } from '../routing/decision.ts'
import { connectionOf, inTurn } from './connections.ts'
import { answerEcho } from './echo.ts'
import type { OwnError } from './errors.ts'
import { Exchange } from './exchange.ts'
import { OVERLOADED, UNUSABLE } from './failures.ts'
import type { Handshake } from './handshake.ts'
import type { Incoming, ProxiedMessage } from './incoming.ts'
import { sendError } from './own-response.ts'
import type { ProxyContext } from './proxy-context.ts'
import { announcedLength, RequestBody } from './request-body.ts'

/** Serves one request: decides, then forwards or answers; requests on one connection go in turn. */
export function serveRequest(
  context: ProxyContext,
  request: ProxiedMessage,
  response: ServerResponse,
  handshake: Handshake | null = null,
): void {
  const connection = connectionOf(request.socket)
  context.requests += 1
  const id = context.identify(request.headers['x-request-id'] as string | undefined)
  const incoming = { context, connection, request, response, id, handshake }
  if (connection.occupant === null && connection.waiting.length === 0) serveNow(incoming)
  else inTurn(connection, () => serveNow(incoming))
}

function serveNow(incoming: Incoming): void {
  const decision = decideRequest(incoming)
  if (decision === null) return
  if (decision.action === 'reject') refuse(incoming, decision)
  else if (decision.upstream.builtin === 'echo') answerEcho(incoming, decision)
  else forward(incoming, decision)
}

/** The decision; null where the message was refused before there was one. */
export function decideRequest(incoming: Incoming): Decision | null {
  const { context, connection, request, id } = incoming
  const method = request.method as string
  const fault =
    findFault(request, context.limits.headerFields) ?? (method === 'TRACE' ? NO_TRACE : null)
  if (incoming.handshake !== null && announcedLength(request) !== 0)
    return refuse(incoming, BODY_IN_HANDSHAKE)
  if (fault !== null) return refuse(incoming, { ...fault, errors: 'problem' })
  const form = toOriginForm(request.originalUrl ?? (request.url as string), request.rawHeaders)
  if (form === null) return refuse(incoming, BAD_TARGET)
  const { target, headers } = form
  const { peerIp, protocol } = connection
  return context.store.current.table.decide({ method, target, headers, peerIp, protocol, id })
}

/** TRACE would send back what Keyway put on the request: another's credential among it. */
const NO_TRACE = { status: 405, code: 'trace_refused', message: 'TRACE is not forwarded.' }

const BAD_TARGET: OwnError = {
  status: 400,
  code: 'bad_target',
  message: 'The request target is neither a path nor an http(s) URL.',
  errors: 'problem',
}

/** Node does not parse what follows an upgrade, so a body would pass for frames. */
const BODY_IN_HANDSHAKE: OwnError = {
  status: 400,
  code: 'handshake_with_body',
  message: 'A WebSocket handshake has no body.',
  errors: 'problem',
}

function forward(incoming: Incoming, decision: Forward): void {
  const { errors, upstream } = decision
  const target = upstream.targets[0]
  const pool = target === undefined ? null : incoming.context.pools.find(target)
  if (pool === null) refuse(incoming, { ...UNUSABLE, errors })
  else if (pool.reserve()) new Exchange(incoming, decision, pool).start()
  else refuse(incoming, { ...OVERLOADED, errors })
}

/** Answers without asking anybody; what is left of the body is read away. */
export function refuse(incoming: Incoming, error: OwnError): null {
  const { context, request, response, id, handshake } = incoming
  if (context.isDraining || expectsContinue(request)) response.shouldKeepAlive = false
  else if (handshake === null && announcedLength(request) !== 0) dropBody(request)
  sendError(response, error, id)
  return null
}

const NOBODY = { onWhole() {}, onTooLarge() {}, onIdle() {} }

function dropBody(request: IncomingMessage): void {
  new RequestBody(request, NOBODY, { bytes: 0, idleMs: 0 }).discard()
}
