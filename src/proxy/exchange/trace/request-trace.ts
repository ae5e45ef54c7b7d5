import type { NamedFields } from '../../../http/message/message.ts'
import type { RawHeaders } from '../../../http/fields/raw-headers.ts'
import { lowerName } from '../../../http/fields/header-names.ts'
import {
  createTraceContext,
  formatTraceparent,
  isTracestate,
  parseTraceparent,
  type TraceContext,
} from '../../../observability/trace-context.ts'
import type { RequestSpan, Tracing } from '../../../observability/tracing.ts'

/** What becomes of a client's trace context. */
export type TraceMode = 'pass' | 'make' | 'drop'

/** The trace of one request, and how its context leaves. */
export interface RequestTrace {
  /** null: there is none. */
  readonly traceId: string | null
  /** null: nobody records it. */
  readonly span: RequestSpan | null
  readonly traceparent: string | null
  readonly tracestate: string | null
  /** Whether both leave just as they came. */
  readonly isAsItCame: boolean
}

interface Sent {
  readonly traceparent: string | undefined
  readonly tracestate: string | undefined
}

/**
 * Reads a client's trace context, which decides nothing: a valid one goes on, another in its place is
 * made anew. null: there is nothing to say of it.
 */
export function openTrace(
  { traceparent, tracestate }: Pick<NamedFields, 'traceparent' | 'tracestate'>,
  mode: TraceMode,
  tracing: Tracing | null,
): RequestTrace | null {
  const isAbsent = traceparent === undefined && tracestate === undefined
  if (isAbsent && tracing === null && mode !== 'make') return null
  const sent = { traceparent: oneText(traceparent), tracestate: oneText(tracestate) }
  const parent = sent.traceparent === undefined ? null : parseTraceparent(sent.traceparent)
  const span = tracing?.begin(parent) ?? null
  const traceId = span?.context.traceId ?? parent?.traceId ?? null
  if (mode === 'drop')
    return { traceId, span, traceparent: null, tracestate: null, isAsItCame: isAbsent }
  if (parent === null) return begin(sent, span, mode)
  return goOn(sent, parent, span)
}

function oneText(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value
}

/** The client has named no trace, or none that can be read. */
function begin(sent: Sent, span: RequestSpan | null, mode: TraceMode): RequestTrace {
  const isWanted = span !== null || mode === 'make' || sent.traceparent !== undefined
  const context = isWanted ? (span?.context ?? createTraceContext()) : null
  return {
    traceId: context?.traceId ?? null,
    span,
    traceparent: context && formatTraceparent(context),
    tracestate: null,
    isAsItCame: false,
  }
}

function goOn(sent: Sent, parent: TraceContext, span: RequestSpan | null): RequestTrace {
  const { traceparent = null, tracestate = null } = sent
  const isState = tracestate !== null && isTracestate(tracestate)
  return {
    traceId: span?.context.traceId ?? parent.traceId,
    span,
    traceparent: span === null ? traceparent : formatTraceparent(span.context),
    tracestate: isState ? tracestate : null,
    isAsItCame: span === null && (tracestate === null || isState),
  }
}

/** A request's fields with the trace context that goes on in place of the one that came. */
export function withTrace(
  headers: RawHeaders,
  { traceparent, tracestate, isAsItCame }: RequestTrace,
): RawHeaders {
  if (isAsItCame) return headers
  const fields: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    if (!isTraceField(name)) fields.push(name, headers[i + 1] as string)
  }
  if (traceparent !== null) fields.push('traceparent', traceparent)
  if (tracestate !== null) fields.push('tracestate', tracestate)
  return fields
}

function isTraceField(name: string): boolean {
  if (name.length !== 'traceparent'.length && name.length !== 'tracestate'.length) return false
  const lower = lowerName(name)
  return lower === 'traceparent' || lower === 'tracestate'
}

/** Fields that leave with the context of one attempt in place of the request's, unless the file took it away or set another. */
export function withAttempt(
  fields: readonly string[],
  { traceparent }: RequestTrace,
  attempt: TraceContext,
): readonly string[] {
  const at = fields.findIndex(
    (name, i) => i % 2 === 0 && lowerName(name) === 'traceparent' && fields[i + 1] === traceparent,
  )
  return at < 0 ? fields : fields.with(at + 1, formatTraceparent(attempt))
}
