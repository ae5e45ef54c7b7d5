import { toOriginForm } from '../../http/target/absolute-form.ts'
import type { Decision } from '../../routing/decide/decision.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'
import { type Incoming, targetOf } from './incoming.ts'
import { withTrace } from './trace/request-trace.ts'

/** Decides a request by the live table; null: its target can't be read. */
export function decideByTable(incoming: Incoming): Decision | null {
  const view = viewOf(incoming)
  return view && incoming.context.store.current.table.decide(view)
}

/** A request as the table looks at it; null: its target can't be read. */
export function viewOf(incoming: Incoming): RequestView | null {
  const { context, connection, request, id, trace } = incoming
  const form = toOriginForm(targetOf(incoming), request.rawHeaders)
  if (form === null) return null
  const headers = trace === null ? form.headers : withTrace(form.headers, trace)
  const mount = context.mount ?? ''
  const target = below(mount, form.target)
  if (target === null) return null
  const { httpVersion } = request
  const method = request.method as string
  const { peerIp, protocol } = connection
  return { method, target, mount, headers, peerIp, protocol, httpVersion, id }
}

/** The rest of a target behind a mount's path; null: it stands elsewhere, or was written otherwise. */
function below(mount: string, target: string): string | null {
  if (mount === '') return target
  if (!target.startsWith(mount)) return null
  const rest = target.slice(mount.length)
  if (rest.startsWith('/')) return rest
  return rest === '' || rest.startsWith('?') ? `/${rest}` : null
}
