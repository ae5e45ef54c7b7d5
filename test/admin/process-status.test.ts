import { expect, test } from 'vitest'
import {
  type KeyView,
  NO_STATUS,
  type ProcessStatus,
  sumStatus,
  type TargetView,
} from '../../src/admin/process-status.ts'

const TARGET: TargetView = {
  url: 'https://a.example',
  weight: 2,
  state: 'up',
  share: 1,
  lastCheck: null,
  connections: 1,
  idle: 2,
  waiting: 3,
  inFlight: 4,
}

const KEY: KeyView = { source: 'file a', reason: null, restsMs: 0, since: null, expires: null }

const target = (parts: Partial<TargetView>): ProcessStatus => ({
  ...NO_STATUS,
  upstreams: [{ name: 'up', retriesLeft: 10, targets: [{ ...TARGET, ...parts }] }],
})

const key = (parts: Partial<KeyView>): ProcessStatus => ({
  ...NO_STATUS,
  secrets: [{ name: 'own', isPool: false, keys: [{ ...KEY, ...parts }] }],
})

test('what processes have done is summed', () => {
  const one: ProcessStatus = {
    ...NO_STATUS,
    processes: 1,
    connections: 2,
    requests: 3,
    inFlight: 4,
    open: [{ route: 'a', plain: 1, sse: 2, websocket: 3 }],
    traffic: {
      routes: [{ route: 'a', requests: 5, rules: [{ rule: 'r', then: 3, else: 2 }] }],
      answers: { 'a 200': 1 },
      kinds: { openai: 2 },
      upstreams: { up: 3 },
      durations: [1, 0, 2],
    },
  }
  const other: ProcessStatus = {
    ...one,
    open: [
      { route: 'a', plain: 10, sse: 20, websocket: 30 },
      { route: 'b', plain: 1, sse: 0, websocket: 0 },
    ],
    traffic: { ...one.traffic, answers: { 'a 200': 1, 'a 404': 7 } },
  }
  expect(sumStatus([one, other])).toEqual({
    processes: 2,
    connections: 4,
    requests: 6,
    inFlight: 8,
    open: [
      { route: 'a', plain: 11, sse: 22, websocket: 33 },
      { route: 'b', plain: 1, sse: 0, websocket: 0 },
    ],
    traffic: {
      routes: [{ route: 'a', requests: 10, rules: [{ rule: 'r', then: 6, else: 4 }] }],
      answers: { 'a 200': 2, 'a 404': 7 },
      kinds: { openai: 4 },
      upstreams: { up: 6 },
      durations: [2, 0, 4],
    },
    upstreams: [],
    secrets: [],
  })
})

test('what a process has not seen yet takes nothing away', () => {
  const { traffic } = { ...NO_STATUS, traffic: { ...NO_STATUS.traffic, durations: [1, 2] } }
  expect(sumStatus([{ ...NO_STATUS, traffic }]).traffic.durations).toEqual([1, 2])
})

test('of a target the worst is told', () => {
  const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`
  const sum = sumStatus([
    target({ state: 'recovering', share: 0.4, lastCheck: { outcome: 'good', at: at(2) } }),
    target({ state: 'down', share: 0, lastCheck: { outcome: 'bad', at: at(3) } }),
    target({ lastCheck: { outcome: 'good', at: at(1) } }),
  ])
  expect(sum.upstreams).toEqual([
    {
      name: 'up',
      retriesLeft: 30,
      targets: [
        {
          url: 'https://a.example',
          weight: 2,
          state: 'down',
          share: 0,
          lastCheck: { outcome: 'bad', at: at(3) },
          connections: 3,
          idle: 6,
          waiting: 9,
          inFlight: 12,
        },
      ],
    },
  ])
})

test.each([
  { state: 'up', other: 'recovering', worst: 'recovering' },
  { state: 'ejected', other: 'recovering', worst: 'ejected' },
  { state: 'ejected', other: 'down', worst: 'down' },
  { state: 'unusable', other: 'down', worst: 'unusable' },
])('of $state and $other, $worst', ({ state, other, worst }) => {
  const [upstream] = sumStatus([target({ state }), target({ state: other })]).upstreams
  expect(upstream?.targets[0]?.state).toBe(worst)
})

test.each<{ name: string; one: Partial<KeyView>; other: Partial<KeyView>; sum: Partial<KeyView> }>([
  {
    name: 'that rests is told with the longest rest',
    one: { restsMs: 1_000 },
    other: { restsMs: 2_000 },
    sum: { restsMs: 2_000 },
  },
  {
    name: 'that one process can not read is told as that, since it was so',
    one: { since: '2026-01-01' },
    other: { reason: 'its file is missing', since: '2026-01-02' },
    sum: { reason: 'its file is missing', since: '2026-01-02' },
  },
  {
    name: 'that the first can not read too',
    one: { reason: 'its file is missing', since: '2026-01-02' },
    other: { since: '2026-01-01' },
    sum: { reason: 'its file is missing', since: '2026-01-02' },
  },
  {
    name: 'on which they agree is told since the first saw it',
    one: { since: '2026-01-02' },
    other: { since: '2026-01-01' },
    sum: { since: '2026-01-01' },
  },
  {
    name: 'that one has not looked at yet',
    one: { since: null },
    other: { since: '2026-01-01' },
    sum: { since: '2026-01-01' },
  },
])('a key $name', ({ one, other, sum }) => {
  expect(sumStatus([key(one), key(other)]).secrets).toEqual([
    { name: 'own', isPool: false, keys: [{ ...KEY, ...sum }] },
  ])
})
