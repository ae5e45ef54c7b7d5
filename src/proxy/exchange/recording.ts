import type { KindScanner } from '../../config/naming/kind-scanner.ts'
import { hideInPath } from '../../credentials/show/hide-named.ts'
import type { ExchangeRecord, OnExchange } from '../../observability/exchange-record.ts'
import type { Decision } from '../../routing/decide/decision.ts'

/** What the record of a request needs of it. */
export interface RecordedRequest {
  readonly id: string
  readonly method: string
  /** With its query, which the record leaves out. */
  readonly target: string
}

/** Follows one request to its end, and tells of it once. */
export class Recording {
  /** null: the message was refused before there was one. */
  decision: Decision | null = null
  private readonly request: RecordedRequest
  private readonly onExchange: OnExchange
  private readonly scanner: KindScanner
  private readonly startedAt: number = performance.now()
  private isTold = false

  /** `scanner` finds credentials in what is told of the request. */
  constructor(request: RecordedRequest, onExchange: OnExchange, scanner: KindScanner) {
    this.request = request
    this.onExchange = onExchange
    this.scanner = scanner
  }

  /** The exchange is over; `code` is that of an answer of Keyway's, or says that nobody waited for one. */
  finish(status: number, code: string | null): void {
    if (this.isTold) return
    this.isTold = true
    this.onExchange(this.describe(status, code))
  }

  private describe(status: number, code: string | null): ExchangeRecord {
    const { decision } = this
    const { id, method, target } = this.request
    return {
      id,
      method,
      path: hideInPath(withoutQuery(target), this.scanner, decision?.hidden.list() ?? []),
      route: decision?.route ?? null,
      rule: decision?.rule ?? null,
      branch: decision?.branch ?? null,
      upstream: decision?.action === 'forward' ? decision.upstream.config.name : null,
      status,
      origin: code === null ? 'upstream' : 'keyway',
      code,
      credentialKind: decision?.credentialKind ?? null,
      client: decision?.client?.name ?? null,
      countedClient: decision?.client?.isCounted ? decision.client.name : null,
      durationMs: performance.now() - this.startedAt,
    }
  }
}

function withoutQuery(target: string): string {
  const end = target.indexOf('?')
  return end === -1 ? target : target.slice(0, end)
}
