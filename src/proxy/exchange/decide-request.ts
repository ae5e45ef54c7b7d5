import { toOriginForm } from '../../http/absolute-form.ts'
import type { Decision } from '../../routing/decide/decision.ts'
import type { Incoming } from './incoming.ts'

/** Decides a request by the live table; null: its target can't be read. */
export function decideByTable(incoming: Incoming): Decision | null {
  const { context, connection, request, id } = incoming
  const form = toOriginForm(request.originalUrl ?? (request.url as string), request.rawHeaders)
  if (form === null) return null
  const { target, headers } = form
  const { httpVersion } = request
  const method = request.method as string
  const { peerIp, protocol } = connection
  const view = { method, target, headers, peerIp, protocol, httpVersion, id }
  return context.store.current.table.decide(view)
}
