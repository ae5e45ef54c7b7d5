import { type Answer, answerOf } from '../../answers/answers.ts'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import type { RawHeaders } from '../../http/fields/raw-headers.ts'
import type { Forward } from '../../routing/decide/decision.ts'
import type { BadBody, ClientConnection, Occupant } from '../client/connections.ts'
import { expectsContinue } from '../client/message-fault.ts'
import { sendAnswer } from '../client/own-response.ts'
import {
  announcedLength,
  type BodyReader,
  KEEPS_NOTHING,
  RequestBody,
} from '../client/request-body.ts'
import type { Incoming } from '../exchange/incoming.ts'
import { createEchoMask } from './echo-mask.ts'

/** Text bodies up to this many bytes are shown, larger ones only counted. */
const SHOWN_BYTES = 16 * 1024

/** Answers with the request as it would have left, credentials masked; asks nobody. */
export function answerEcho(incoming: Incoming, forward: Forward): void {
  new EchoExchange(incoming, forward).start()
}

class EchoExchange implements Occupant, BodyReader {
  private readonly incoming: Incoming
  private readonly forward: Forward
  private readonly connection: ClientConnection
  private body: RequestBody | null = null

  constructor(incoming: Incoming, forward: Forward) {
    this.incoming = incoming
    this.forward = forward
    this.connection = incoming.connection
  }

  start(): void {
    const { request, response, context } = this.incoming
    this.connection.occupant = this
    if (announcedLength(request) !== 0) {
      if (expectsContinue(request)) response.writeContinue()
      const limits = {
        bytes: this.forward.limits.bodyBytes,
        idleMs: context.limits.bodyIdleMs,
        ...KEEPS_NOTHING,
      }
      this.body = new RequestBody(request, this, limits)
    } else this.onWhole(Buffer.alloc(0))
  }

  onWhole(body: Buffer): void {
    const { response, context, recording } = this.incoming
    void recording?.secretUse?.begin(this.forward, 'builtin:echo')
    const text = `${JSON.stringify(this.describe(body), null, 2)}\n`
    const length = String(Buffer.byteLength(text))
    if (context.isDraining) response.shouldKeepAlive = false
    response.writeHead(200, null, ['content-type', 'application/json', 'content-length', length])
    response.end(text)
    this.leave()
    recording?.finish(200, null)
  }

  onTooLarge(): void {
    this.refuse(answerOf('body_too_large'))
  }

  onIdle(): void {
    this.refuse(answerOf('body_timeout'))
  }

  onClientGone(): void {
    this.body?.stop()
    this.leave()
    this.incoming.recording?.finish(499, 'client_left')
  }

  onBadMessage(code: BadBody): boolean {
    this.incoming.response.shouldKeepAlive = false
    this.refuse(answerOf(code))
    return true
  }

  onShutdown(): void {
    this.incoming.response.shouldKeepAlive = false
  }

  private refuse(answer: Answer): void {
    const { response, id } = this.incoming
    const { errors, editOwn } = this.forward
    sendAnswer(response, { ...answer, errors, editOwn }, id)
    this.body?.discard()
    this.leave()
    this.incoming.recording?.finish(answer.status, answer.code)
  }

  private leave(): void {
    this.incoming.permit?.release()
    this.connection.leave(this)
  }

  private describe(body: Buffer): object {
    const { context, request } = this.incoming
    const { target, headers, route, rule, credentialKind } = this.forward
    const mask = createEchoMask(context.store.current.config, request.rawHeaders)
    const content = body.length === 0 ? null : { bytes: body.length, ...showText(body) }
    return {
      method: request.method,
      path: mask.target(target),
      headers: groupFields(headers, mask.field),
      body: content,
      keyway: { route, rule, credential: credentialKind },
    }
  }
}

function groupFields(
  headers: RawHeaders,
  mask: (name: string, value: string) => string,
): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>()
  for (const [field, sent] of fieldPairs(headers)) {
    const name = field.toLowerCase()
    const value = mask(name, sent)
    const known = fields.get(name)
    fields.set(name, known === undefined ? value : [known, value].flat())
  }
  return Object.fromEntries(fields)
}

function showText(body: Buffer): { text?: string } {
  if (body.length > SHOWN_BYTES) return {}
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(body) }
  } catch {
    return {}
  }
}
