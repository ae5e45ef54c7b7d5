import type { Registry } from 'prom-client'
import { registerSeries } from './register-series.ts'
import { registerCounts } from './request-metrics.ts'

/** Outcomes after which the file's content runs. */
const SUCCESSFUL: ReadonlySet<string> = new Set(['applied', 'restored'])
/** The same content as before, which may have been refused then. */
const UNCHANGED = 'unchanged'

/** Counters of reloads. */
export interface ReloadMetrics {
  /** Counts a reload by its outcome, and takes the generation that is live after it. */
  readonly onReload: (outcome: string, generation: number) => void
}

/** What a process begins with. */
export interface ReloadStart {
  readonly generation: number
  /** When the live file was loaded, in seconds since 1970; 0: by another process, which tells it. */
  readonly loadedAt: number
}

/** Creates the counters of reloads; the file that the process started with counts as loaded. */
export function createReloadMetrics(registry: Registry, start: ReloadStart): ReloadMetrics {
  let { generation, loadedAt } = start
  let isLoaded = true
  const reloads = registerCounts(registry, {
    name: 'keyway_reloads_total',
    help: 'Reloads of the configuration, by what came of them.',
    type: 'counter',
  })
  const gauge = (
    name: string,
    help: string,
    aggregator: 'min' | 'max',
    read: () => number,
  ): void => {
    const description = { name, help, type: 'gauge', aggregator } as const
    registerSeries(registry, description, () => [{ labels: {}, value: read() }])
  }
  gauge(
    'keyway_config_generation',
    'Generation of the live configuration; each applied reload adds one.',
    'max',
    () => generation,
  )
  gauge(
    'keyway_config_last_reload_successful',
    'Whether what stands on disk runs: 1, or 0 where the last reload was refused or failed.',
    'min',
    () => (isLoaded ? 1 : 0),
  )
  gauge(
    'keyway_config_last_reload_success_timestamp_seconds',
    'When a configuration was last loaded, in seconds since 1970.',
    'max',
    () => loadedAt,
  )
  return {
    onReload(outcome, live) {
      reloads.add({ outcome })
      generation = live
      if (outcome === UNCHANGED) return
      isLoaded = SUCCESSFUL.has(outcome)
      if (isLoaded) loadedAt = Date.now() / 1000
    },
  }
}
