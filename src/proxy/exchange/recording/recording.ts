import { formatPlace } from '../../../config/language/place.ts'
import type { KindScanner } from '../../../config/naming/kind-scanner.ts'
import { hideInPath } from '../../../credentials/show/hide-named.ts'
import type {
  AnswerForm,
  ExchangeRecord,
  FirstDecision,
  OnExchange,
} from '../../../observability/exchange-record.ts'
import type { OpenRequest, OpenRequests } from '../../../observability/open-requests.ts'
import type { EndSpan } from '../../../observability/tracing.ts'
import type { Decision, Forward } from '../../../routing/decide/decision.ts'
import { withoutRequest } from '../../../routing/decide/without-request.ts'
import type { Bytes } from '../../client/byte-meter.ts'
import type { SecretUse } from '../secret-use.ts'
import { ExchangeClock } from './exchange-clock.ts'

/** Letters of the longest method that is registered, `UPDATEREDIRECTREF`, and some more. */
const LONGEST_METHOD = 20

/** What the record of a request needs of it. */
export interface RecordedRequest {
  readonly id: string
  readonly method: string
  /** With its query, which the record leaves out. */
  readonly target: string
  /** null: it stands in no trace. */
  readonly traceId: string | null
}

/** What a recording is made with. */
export interface RecordingSources {
  /** null: nobody hears of its end. */
  readonly onExchange: OnExchange | null
  /** null: nobody takes note of what secrets are used for. */
  readonly secretUse: SecretUse | null
  /** null: no span records it. */
  readonly endSpan: EndSpan | null
  readonly open: OpenRequests
  /** Finds credentials in what is told of the request. */
  readonly scanner: KindScanner
}

/** Follows one request to its end, and tells of it once. */
export class Recording {
  private receivedBytes = 0
  private sentBytes = 0
  private readonly request: RecordedRequest
  private readonly sources: RecordingSources
  private readonly clock = new ExchangeClock()
  /** null: the message was refused before there was one. */
  private decision: Decision | null = null
  /** What was decided at first. */
  private first: Decision | null = null
  private open: OpenRequest | null = null
  private isTold = false

  constructor(request: RecordedRequest, sources: RecordingSources) {
    this.request = request
    this.sources = sources
  }

  /** What becomes of it is decided, or decided anew. */
  decide(decision: Decision): void {
    this.decision = decision
    this.first ??= decision
    if (decision.route !== null) this.open ??= this.sources.open.enter(decision.route)
  }

  /** It goes on for long with this decision, which is without its request; nor is an earlier one kept with it. */
  settle(told: Forward): void {
    const { first } = this
    const isOther = first?.action === 'forward' && firstOf(first, told) !== null
    this.first = isOther ? withoutRequest(first) : told
    this.decision = told
  }

  /** So much of the client's went by: of bodies, or by a WebSocket. */
  addBytes({ received, sent }: Bytes): void {
    this.receivedBytes += received
    this.sentBytes += sent
  }

  /** The client's body is waited for; `goOn` follows. */
  awaitBody(): void {
    this.clock.wait()
  }

  /** The request is on its way to an upstream; `onHead` follows, or another attempt. */
  awaitUpstream(): void {
    this.clock.wait()
  }

  /** What was waited for is here, or will not come. */
  goOn(): void {
    this.clock.goOn()
  }

  /** An upstream's answer has begun to leave for the client. */
  begin(form: AnswerForm): void {
    this.clock.begin()
    if (form !== 'plain') this.open?.turnInto(form)
  }

  get secretUse(): SecretUse | null {
    return this.sources.secretUse
  }

  /** An answer of Keyway's is about to be sent; what that means for secrets is noted before. */
  beforeAnswer(code: string): void {
    this.secretUse?.end(this.decision, code)
  }

  /** The exchange is over; `code` is that of an answer of Keyway's, or says that nobody waited for one. */
  finish(status: number, code: string | null): void {
    if (this.isTold) return
    this.isTold = true
    this.open?.leave()
    this.secretUse?.end(this.decision, code)
    const { onExchange, endSpan } = this.sources
    if (onExchange === null && endSpan === null) return
    const record = this.describe(status, code)
    onExchange?.(record)
    endSpan?.(record, this.decision?.clientIp ?? null)
  }

  private describe(status: number, code: string | null): ExchangeRecord {
    const { decision, clock } = this
    const { id, method, target, traceId } = this.request
    const { durationMs, firstByteMs, upstreamMs, addedMs } = clock.read()
    const { scanner } = this.sources
    const hidden = decision?.hidden.list() ?? []
    return {
      id,
      traceId,
      // Any token is a method, a credential too; those that are meant are shorter.
      method: method.length > LONGEST_METHOD ? hideInPath(method, scanner, hidden) : method,
      path: hideInPath(withoutQuery(target), scanner, hidden),
      route: decision?.route ?? null,
      rule: decision?.rule ?? null,
      branch: decision?.branch ?? null,
      upstream: upstreamOf(decision),
      first: firstOf(this.first, decision),
      status,
      origin: code === null ? 'upstream' : 'keyway',
      code,
      credentialKind: decision?.credentialKind ?? null,
      credentialSource: decision?.credentialPlace ? formatPlace(decision.credentialPlace) : null,
      credentialScheme: decision?.credentialScheme ?? null,
      client: decision?.client?.name ?? null,
      countedClient: decision?.client?.isCounted ? decision.client.name : null,
      durationMs,
      firstByteMs,
      upstreamMs,
      addedMs,
      form: this.open?.form ?? 'plain',
      receivedBytes: this.receivedBytes,
      sentBytes: this.sentBytes,
    }
  }
}

function upstreamOf(decision: Decision | null): string | null {
  return decision?.action === 'forward' ? decision.upstream.config.name : null
}

/** The first decision where another one led elsewhere: to a fallback. */
function firstOf(first: Decision | null, last: Decision | null): FirstDecision | null {
  const upstream = upstreamOf(first)
  if (first === null || first === last || upstream === null) return null
  const { rule, branch } = first
  const isSame = rule === last?.rule && branch === last.branch && upstream === upstreamOf(last)
  return isSame ? null : { rule, branch, upstream }
}

function withoutQuery(target: string): string {
  const end = target.indexOf('?')
  return end === -1 ? target : target.slice(0, end)
}
