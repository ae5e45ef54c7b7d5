import { toOriginForm } from '../../http/target/absolute-form.ts'
import type { Decision } from '../../routing/decide/decision.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import type { Incoming } from './incoming.ts'

/** Decides a request by the live table; null: its target can't be read. */
export function decideByTable(incoming: Incoming): Decision | null {
  const view = viewOf(incoming)
  return view && incoming.context.store.current.table.decide(view)
}

/** A request as the table looks at it; null: its target can't be read. */
export function viewOf({ connection, request, id }: Incoming): RequestView | null {
  const form = toOriginForm(request.originalUrl ?? (request.url as string), request.rawHeaders)
  if (form === null) return null
  const { target, headers } = form
  const { httpVersion } = request
  const method = request.method as string
  const { peerIp, protocol } = connection
  return { method, target, headers, peerIp, protocol, httpVersion, id }
}
