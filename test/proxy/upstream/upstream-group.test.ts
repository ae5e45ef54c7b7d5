import { expect, test } from 'vitest'
import { UpstreamGroup, poolOf, targetPath } from '../../../src/proxy/upstream/upstream-group.ts'
import type { UpstreamPool } from '../../../src/proxy/upstream/upstream-pool.ts'
import type { Forward } from '../../../src/routing/decide/decision.ts'
import type { TableTarget } from '../../../src/routing/table-upstream.ts'
import { compileText } from '../../support/compile-text.ts'

interface FakePool {
  readonly target: TableTarget
  places: number
}

/** A group by an upstream of the file, whose targets have so many places each; null: no pool. */
function open(upstream: string, places: readonly (number | null)[]) {
  const { table } = compileText(`
version: 1
upstreams: { up: ${upstream} }
routes: [{ name: all, match: { path: /* }, upstream: up }]
`)
  const opened: FakePool[] = []
  const changes: unknown[] = []
  const openPool = (target: TableTarget): UpstreamPool | null => {
    const free = places[opened.length]
    const pool = { target, places: free ?? 0 }
    opened.push(pool)
    const reserve = (): boolean => {
      pool.places -= 1
      return pool.places >= 0
    }
    const describe = (): object => ({ connections: 4, idle: 3, waiting: 2, inFlight: 1 })
    return free === null ? null : ({ ...pool, reserve, describe, inFlight: 0 } as never)
  }
  const [config] = table.upstreams
  if (config === undefined) throw new Error('no upstream')
  const onChange = ({ url }: TableTarget, state: string): void => void changes.push([url, state])
  return { group: new UpstreamGroup({ upstream: config, openPool, onChange }), opened, changes }
}

const FORWARD = { balanceKey: null } as unknown as Forward
const ONE = '{ url: http://one.test }'
const TWO = '{ targets: [http://one.test, http://two.test], eject: { failures: 2 } }'

const taken = (group: UpstreamGroup, failed?: readonly number[]): number | undefined =>
  group.reserve(FORWARD, 'any', failed)?.index

test('an upstream of one target is asked as long as it has a place', () => {
  const { group, opened } = open(ONE, [2])
  expect([group.name, group.slots.length, opened.length]).toEqual(['up', 1, 1])
  expect([taken(group), taken(group, [0]), taken(group)]).toEqual([0, 0, undefined])
  expect([group.isDown, group.isUsable]).toEqual([false, true])
})

test('targets take turns; one that is full or failed before is passed over', () => {
  const { group } = open(TWO, [2, 3])
  expect([taken(group), taken(group)].sort()).toEqual([0, 1])
  expect(taken(group, [0])).toBe(1)
  expect(taken(group, [0])).toBe(1)
  expect(taken(group, [0])).toBe(0)
  expect(taken(group)).toBeUndefined()
})

test.each([0, 1, 2])(
  'the one target that has a place is found, wherever a key belongs: %i',
  (index) => {
    const targets = '[http://one.test, http://two.test, http://three.test]'
    const places = [0, 1, 2].map((other) => (other === index ? 1 : 0))
    const { group } = open(`{ targets: ${targets}, balance: { hash: client } }`, places)
    const forward = { ...FORWARD, balanceKey: 'a' }
    expect(group.reserve(forward, 'any')?.index).toBe(index)
    expect(group.reserve(forward, 'any')).toBe(null)
  },
)

test('one whose certificates can not be read is passed over, and told', () => {
  const { group } = open(TWO, [null, 9])
  expect([taken(group), taken(group)]).toEqual([1, 1])
  expect(group.isUsable).toBe(true)
  const common = { weight: 1, lastCheck: null }
  expect(group.describe()).toEqual([
    {
      ...common,
      url: 'http://one.test',
      state: 'unusable',
      share: 0,
      connections: 0,
      idle: 0,
      waiting: 0,
      inFlight: 0,
    },
    {
      ...common,
      url: 'http://two.test',
      state: 'up',
      share: 1,
      connections: 4,
      idle: 3,
      waiting: 2,
      inFlight: 1,
    },
  ])
  const none = open(TWO, [null, null]).group
  expect([none.isUsable, taken(none)]).toEqual([false, undefined])
})

test('of one target alone there is nothing to tell but its connections', () => {
  expect(open(ONE, [9]).group.describe()).toEqual([
    {
      url: 'http://one.test',
      weight: 1,
      state: 'up',
      share: 1,
      lastCheck: null,
      connections: 4,
      idle: 3,
      waiting: 2,
      inFlight: 1,
    },
  ])
})

test('one whose certificates can not be read is not asked how it is', () => {
  const { group } = open('{ url: http://one.test, health: { path: /ok } }', [null])
  group.startChecks()
  expect(group.describe()).toMatchObject([{ state: 'unusable', lastCheck: null }])
  group.stopChecks()
})

test('failures in a row eject a target, once; an answer in between does not', () => {
  const { group, changes } = open(TWO, [99, 99])
  const [slot] = group.slots
  if (slot === undefined) throw new Error('no target')
  for (const status of [503, 200, 502, 404, 504]) group.onStatus(slot, status)
  expect(changes).toEqual([])
  group.onFailure(slot)
  expect(changes).toEqual([['http://one.test', 'ejected']])
  expect(group.describe().map(({ state }) => state)).toEqual(['ejected', 'up'])
  expect([taken(group), taken(group), taken(group)]).toEqual([1, 1, 1])
})

test('of one target alone nothing is known, so nothing ejects it', () => {
  const { group, changes } = open(ONE, [9])
  const [slot] = group.slots
  if (slot === undefined) throw new Error('no target')
  for (let count = 0; count < 20; count += 1) group.onStatus(slot, 503)
  group.onFailure(slot)
  expect([changes, taken(group)]).toEqual([[], 0])
})

test('what HTTP/2 does not carry goes by connections of HTTP/1.1', () => {
  const { group, opened } = open('{ url: https://one.test, http2: true }', [0, 1])
  expect(opened.map(({ target }) => target.config.http2)).toEqual([true, false])
  expect(opened[1]?.target.key).toBe(`${opened[0]?.target.key} http1`)
  const [slot] = group.slots
  if (slot === undefined) throw new Error('no target')
  expect(poolOf(slot, 'any')).toBe(slot.pool)
  expect(poolOf(slot, 'http1')).toBe(slot.http1Pool)
  expect(slot.http1Pool).not.toBe(slot.pool)
  expect(group.reserve(FORWARD, 'any')).toBeNull()
  expect(group.reserve(FORWARD, 'http1')).toBe(slot)
})

test('without HTTP/2 there is one pool for both', () => {
  const { group, opened } = open(ONE, [9])
  const [slot] = group.slots
  expect([slot?.pool === slot?.http1Pool, opened.length]).toEqual([true, 1])
})

test.each([
  { first: '/v1', own: '/v1', target: '/v1/a?b', path: '/v1/a?b' },
  { first: '/v1', own: '/base', target: '/v1/a?b', path: '/base/a?b' },
  { first: '', own: '/base', target: '/a', path: '/base/a' },
  { first: '/v1', own: '', target: '/v1/a', path: '/a' },
])('$target leaves for a target below "$own" as $path', ({ first, own, target, path }) => {
  const forward = { upstream: { basePath: first }, target } as unknown as Forward
  expect(targetPath(forward, { target: { basePath: own } } as never)).toBe(path)
})
