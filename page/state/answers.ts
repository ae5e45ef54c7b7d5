import type { TimedEvent } from '../../src/admin/event-feed.ts'
import type { ProcessStatus } from '../../src/admin/process-status.ts'
import type { ConfigView } from '../../src/app/admin/config-page.ts'

export type {
  KeyView,
  SecretView,
  TargetView,
  UpstreamView,
} from '../../src/admin/process-status.ts'
export type { OpenRoute } from '../../src/observability/open-requests.ts'
export type { PlacedRoute } from '../../src/app/admin/config-page.ts'
export type { PastReload } from '../../src/reload/reload-history.ts'
export type { ConfigView, TimedEvent }

/** What /status answers. */
export type Status = ProcessStatus & { readonly readiness: string }

/** Asks a page of this listener for its data. */
export async function get<Answer>(path: string): Promise<Answer> {
  const response = await fetch(path)
  if (!response.ok) throw new Error(`${path} answers ${response.status}`)
  return (await response.json()) as Answer
}

/** Has something done; a refusal is an answer too. */
export async function post(path: string, body = ''): Promise<unknown> {
  return (await fetch(path, { method: 'POST', body })).json()
}
