import { hideInPath } from '../../../credentials/show/hide-named.ts'
import type { AttemptSpan } from '../../../observability/tracing.ts'
import type { Forward } from '../../../routing/decide/decision.ts'
import type { OutgoingRequest } from '../../upstream/call.ts'
import type { Slot } from '../../upstream/upstream-group.ts'
import type { Incoming } from '../incoming.ts'
import { withAttempt } from './request-trace.ts'

/** A request as it leaves, and the span that records it. */
export interface TracedRequest {
  readonly outgoing: OutgoingRequest
  /** null: nobody records it. */
  readonly span: AttemptSpan | null
}

/** Begins the span of an attempt, whose context goes to the upstream. */
export function traceAttempt(
  { trace, context }: Incoming,
  { upstream, hidden, secrets }: Forward,
  { target: { origin } }: Slot,
  outgoing: OutgoingRequest,
): TracedRequest {
  if (trace === null || trace.span === null) return { outgoing, span: null }
  const { config } = upstream
  const [path = ''] = outgoing.target.split('?', 1)
  const values = [...hidden.list(), ...secrets.map(({ value }) => value)]
  const span = trace.span.attempt({
    method: outgoing.method,
    upstream: config.name,
    provider: config.provider,
    origin,
    path: hideInPath(path, context.store.current.scanner, values),
  })
  const fields = withAttempt(outgoing.fields, trace, span.context)
  return { outgoing: { ...outgoing, fields }, span }
}
