import { collectDefaultMetrics, type Registry } from 'prom-client'
import { registerSeries } from './register-series.ts'

/** Gauges that end in `_total` like counters, which Prometheus' linter refuses; the same by type stay. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** Registers what is known of the process, and which build it runs. */
export function registerProcessMetrics(registry: Registry, version: string): void {
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  registerSeries(
    registry,
    {
      name: 'keyway_build_info',
      help: 'Always 1; its labels say which version of Keyway runs on which Node.',
      type: 'gauge',
      aggregator: 'first',
    },
    () => [{ labels: { version, node: process.version }, value: 1 }],
  )
}
