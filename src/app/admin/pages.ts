import {
  type AdminAction,
  type AdminPages,
  type AdminStream,
  jsonAnswer,
} from '../../admin/admin-page.ts'
import { createHealthPages, type Readiness } from '../../admin/health.ts'
import { createPageFiles } from '../../admin/page-files.ts'
import { type ProcessStatus, sumStatus } from '../../admin/process-status.ts'
import type { MetricObject } from '../../observability/metrics/exposition.ts'
import type { RouteCount, TrafficCounts } from '../../observability/traffic.ts'
import type { ReloadResult } from '../../reload/reload.ts'
import type { LiveConfig } from '../open-config.ts'
import { describeConfig, describeReload } from './config-page.ts'
import { createExplainAction } from './explain-action.ts'

/** What the admin listener shows from. */
export interface PageSources {
  readonly file: string
  readonly live: LiveConfig
  readonly readiness: () => Readiness
  /** Sums metrics over all processes; null: this one serves alone. */
  readonly sumMetrics: ((own: MetricObject[]) => Promise<MetricObject[]>) | null
  /** What each serving process knows. */
  readonly statuses: () => Promise<readonly ProcessStatus[]>
  readonly reload: () => Promise<ReloadResult>
}

/** Everything that the admin listener serves. */
export interface AdminInterface {
  readonly pages: AdminPages
  readonly actions: Readonly<Record<string, AdminAction>>
  readonly streams: Readonly<Record<string, AdminStream>>
}

/** Creates the pages, actions and streams of the admin interface. */
export function createAdminInterface(sources: PageSources): AdminInterface {
  const { file, live, readiness, statuses, reload } = sources
  const health = createHealthPages(readiness)
  const { observer } = live
  if (observer === null) return { pages: health, actions: {}, streams: {} }
  const status = async (): Promise<ProcessStatus> => sumStatus(await statuses())
  return {
    pages: {
      ...createPageFiles(),
      ...health,
      ...metricsPage(sources),
      '/config': () => jsonAnswer(describeConfig(file, live, observer)),
      '/status': async () => jsonAnswer({ readiness: readiness(), ...(await status()) }),
      '/routes': async () => jsonAnswer(withUnmatched((await status()).traffic, live)),
      '/upstreams': async () => jsonAnswer((await status()).upstreams),
      '/secrets': async () => jsonAnswer((await status()).secrets),
    },
    actions: {
      '/explain': createExplainAction(() => live.store.current),
      '/reload': async () => {
        const result = await reload()
        return jsonAnswer(describeReload(result), result.outcome === 'applied' ? 200 : 409)
      },
    },
    streams: { '/events': observer.feed.stream },
  }
}

function metricsPage({ live, sumMetrics }: PageSources): AdminPages {
  const { metrics } = live
  if (metrics === null) return {}
  return {
    '/metrics': async ({ accept }) => {
      const own = await metrics.read()
      const all = sumMetrics === null ? own : await sumMetrics(own)
      // Its library is loaded by now, and only where there are metrics.
      const { writeMetrics } = await import('../../observability/metrics/exposition.ts')
      return { status: 200, ...(await writeMetrics(all, accept)) }
    },
  }
}

/** Every route and rule of the running file, those that no request has matched too. */
function withUnmatched(traffic: TrafficCounts, { store }: LiveConfig): readonly RouteCount[] {
  const counted = new Map(traffic.routes.map((count) => [count.route, count]))
  return store.current.config.routes.map(({ name, rules }) => {
    const { requests = 0, rules: hits = [] } = counted.get(name) ?? {}
    const byRule = new Map(hits.map((hit) => [hit.rule, hit]))
    return {
      route: name,
      requests,
      rules: rules.map((rule) => byRule.get(rule.name) ?? { rule: rule.name, then: 0, else: 0 }),
    }
  })
}
