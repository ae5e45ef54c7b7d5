import { expect, test } from 'vitest'
import { findAttention } from '../../page/state/attention.ts'
import { markLines, unmatchedRules } from '../../page/state/marks.ts'
import { quantile } from '../../page/state/quantile.ts'
import { sampleBetween } from '../../page/state/samples.ts'
import { NOTHING } from '../../page/state/watch.ts'
import { count, duration, moment, rate } from '../../page/state/words.ts'
import { addTraffic } from '../../src/admin/process-status.ts'
import type { TrafficCounts } from '../../src/observability/traffic.ts'

/** Counts of one route, by its requests in the bucket up to 100 ms. */
function traffic(requests: number): TrafficCounts {
  return {
    routes: [{ route: 'a', requests, rules: [{ rule: 'r', then: requests, else: 0 }] }],
    answers: { '2xx': requests - 1, '5xx': 1 },
    kinds: { openai: requests },
    upstreams: { u: requests },
    durations: [0, 0, 0, 0, 0, 0, requests, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  }
}

test('a sample tells rates from two readings', () => {
  const [before, after] = [
    { time: 100, traffic: traffic(10) },
    { time: 102, traffic: traffic(30) },
  ]
  expect(sampleBetween(before, after, before)).toEqual({
    time: 102,
    rates: { route: { a: 10 }, rule: { 'a › r': 10 }, upstream: { u: 10 }, kind: { openai: 10 } },
    requests: 10,
    errors: { '4xx': 0, '5xx': 0, keyway: 0 },
    p50: 75,
    p99: 99.5,
  })
})

test('counts that are smaller than before began anew with a new process', () => {
  const before = { time: 100, traffic: traffic(1_000) }
  const after = { time: 101, traffic: traffic(5) }
  expect(sampleBetween(before, after, before).rates.route).toEqual({ a: 5 })
})

test('a quantile is null of nothing, and of what took long the last bound', () => {
  const { durations } = addTraffic(traffic(0), traffic(0))
  expect(quantile(durations, 0.5)).toBeNull()
  expect(quantile([...durations.slice(0, -1), 3], 0.5)).toBe(60_000)
})

test('marks stand beside lines; a rule of a provider beside its route', () => {
  const routes = [
    {
      route: 'a',
      line: 3,
      rules: [
        { rule: 'r', line: 5 },
        { rule: 's', line: 5 },
      ],
    },
    { route: 'b', line: 8, rules: [{ rule: 'provided', line: null }] },
  ]
  const marks = markLines(routes, traffic(4).routes)
  expect(
    [...marks].map(([line, all]) => [line, ...all.map(({ name, hits }) => [name, hits])]),
  ).toEqual([
    [3, ['a', 4]],
    [5, ['r', 4], ['s', 0]],
    [8, ['b', 0], ['provided', 0]],
  ])
  expect(unmatchedRules(marks).map(([line, { name }]) => [line, name])).toEqual([
    [5, 's'],
    [8, 'provided'],
  ])
})

test('what is lost is told before what only rests', () => {
  const since = '2020-02-03T12:00:00.000Z'
  const status = {
    readiness: 'ready',
    processes: 1,
    connections: 0,
    requests: 0,
    inFlight: 0,
    open: [],
    traffic: traffic(0),
    upstreams: [],
    secrets: [
      {
        name: 'pool',
        isPool: true,
        keys: [
          { source: 'file a', reason: null, restsMs: 61_000, since: null, expires: null },
          { source: 'file b', reason: 'its file is missing', restsMs: 0, since, expires: null },
          {
            source: 'file c',
            reason: null,
            restsMs: 0,
            since,
            expires: '2001-01-01T00:00:00.000Z',
          },
        ],
      },
    ],
  }
  const found = findAttention({ ...NOTHING, status, isConnected: false })
  expect(found.map(({ title, text }) => `${title}: ${text}`)).toEqual([
    'Keyway does not answer: what stands here was so when it last did',
    `Key 2 of pool can't be read: file b: its file is missing, since ${moment(since)}`,
    'Key 3 of pool has expired: file c',
    'Key 1 of pool rests: file a, for 61 s',
  ])
})

test('numbers are short', () => {
  expect([0, 1_204, 1_250_000].map(count)).toEqual(['0', '1,204', '1.3M'])
  expect([0, 0.256, 3.54, 12.3, 1_204.4].map(rate)).toEqual(['0', '0.26', '3.5', '12', '1,204'])
  expect([0.42, 8, 120, 1_240, 75_000, 900_000].map(duration)).toEqual([
    '0.42 ms',
    '8 ms',
    '120 ms',
    '1.2 s',
    '75 s',
    '15 min',
  ])
})
