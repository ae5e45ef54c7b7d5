import type { RequestMessage } from '../../http/message/message.ts'
import type { Decision } from '../../routing/decide/decision.ts'
import { expectsContinue } from '../client/message-fault.ts'
import type { OwnAnswer } from '../client/own-answer.ts'
import { sendAnswer } from '../client/own-response.ts'
import { announcedLength, KEEPS_NOTHING, RequestBody } from '../client/request-body.ts'
import type { Incoming } from './incoming.ts'
import { tellRefused } from './tell-end.ts'

/** Answers without asking anybody; what is left of the body is read away. `where` is null: no route was looked for. */
export function refuse(
  incoming: Incoming,
  error: OwnAnswer,
  where: Pick<Decision, 'route' | 'rule'> | null,
): null {
  const { context, request, response, id, handshake } = incoming
  if (context.isDraining || expectsContinue(request)) response.shouldKeepAlive = false
  else if (handshake === null && announcedLength(request) !== 0) dropBody(request)
  const { status, code } = error
  tellRefused(incoming, where, error)
  incoming.recording?.beforeAnswer(code)
  sendAnswer(response, error, id)
  incoming.recording?.finish(status, code)
  return null
}

const NOBODY = { onWhole() {}, onTooLarge() {}, onIdle() {} }

function dropBody(request: RequestMessage): void {
  new RequestBody(request, NOBODY, { bytes: 0, idleMs: 0, ...KEEPS_NOTHING }).discard()
}
