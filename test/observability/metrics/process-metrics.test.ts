import { collectDefaultMetrics, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { registerProcessMetrics } from '../../../src/observability/metrics/process-metrics.ts'

test('of a process all that prom-client tells is told, but for what is misnamed or costs each collection', () => {
  const theirs = new Registry()
  collectDefaultMetrics({ register: theirs })
  const ours = new Registry()
  registerProcessMetrics(ours, '1.2.3')
  const names = (registry: Registry) => registry.getMetricsAsArray().map(({ name }) => name)
  const left = names(theirs).filter((name) => !names(ours).includes(name))
  expect(left.toSorted()).toEqual([
    'nodejs_active_handles_total',
    'nodejs_active_requests_total',
    'nodejs_active_resources_total',
    'nodejs_gc_duration_seconds',
  ])
  expect(names(ours).filter((name) => !names(theirs).includes(name))).toEqual(['keyway_build_info'])
})
