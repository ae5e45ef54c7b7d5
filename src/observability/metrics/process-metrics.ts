/// <reference path="./prom-client-metrics.d.ts" />
import type { Registry } from 'prom-client'
import registerEventLoop from 'prom-client/lib/metrics/eventLoopLag.js'
import registerHeap from 'prom-client/lib/metrics/heapSizeAndUsed.js'
import registerHeapSpaces from 'prom-client/lib/metrics/heapSpacesSizeAndUsed.js'
import registerMemory from 'prom-client/lib/metrics/osMemoryHeap.js'
import registerCpu from 'prom-client/lib/metrics/processCpuTotal.js'
import registerHandles from 'prom-client/lib/metrics/processHandles.js'
import registerMostFiles from 'prom-client/lib/metrics/processMaxFileDescriptors.js'
import registerFiles from 'prom-client/lib/metrics/processOpenFileDescriptors.js'
import registerRequests from 'prom-client/lib/metrics/processRequests.js'
import registerResources from 'prom-client/lib/metrics/processResources.js'
import registerStart from 'prom-client/lib/metrics/processStartTime.js'
import registerVersion from 'prom-client/lib/metrics/version.js'
import { registerSeries } from './register-series.ts'

/**
 * prom-client's default metrics but for the durations of garbage collections: to hear of each takes
 * Node a tenth of a millisecond, some dozens of times a second under load.
 */
const DEFAULTS = [
  registerCpu,
  registerStart,
  registerMemory,
  registerFiles,
  registerMostFiles,
  registerEventLoop,
  registerResources,
  registerHandles,
  registerRequests,
  registerHeap,
  registerHeapSpaces,
  registerVersion,
]

/** How often the lag of the event loop is looked at, in milliseconds; prom-client's own default. */
const LAG_MS = 10

/** Gauges that end in `_total` like counters, which Prometheus' linter refuses; the same by type stay. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
]

/** Registers what is known of the process, and which build it runs. */
export function registerProcessMetrics(registry: Registry, version: string): void {
  for (const register of DEFAULTS) register(registry, { eventLoopMonitoringPrecision: LAG_MS })
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
