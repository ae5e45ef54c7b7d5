import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Logger } from '../../../src/observability/logger.ts'
import type { Slot } from '../../../src/proxy/upstream/upstream-group.ts'
import { createUpstreamPools, type OnTarget } from '../../../src/proxy/upstream/upstream-pools.ts'
import type { RouteTable } from '../../../src/routing/route-table.ts'
import type { TableUpstream } from '../../../src/routing/table-upstream.ts'
import { compileText } from '../../support/compile-text.ts'
import { always, ok, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-pools-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

/** A table with these upstreams, and a route to each. */
function tableOf(upstreams: Readonly<Record<string, string>>): RouteTable {
  const entries = Object.entries(upstreams)
  return compileText(`
version: 1
upstreams:
${entries.map(([name, text]) => `  ${name}: ${text}`).join('\n')}
routes:
${entries.map(([name]) => `  - { name: ${name}, match: { path: /${name}/* }, upstream: ${name} }`).join('\n')}
`).table
}

const named = (table: RouteTable, name: string): TableUpstream =>
  table.upstreams.find(({ config }) => config.name === name) as TableUpstream

function open(onTarget?: OnTarget) {
  const lines: unknown[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, ...fields, message })
  const log = { error: at('error'), warn: at('warn'), info: at('info') } as unknown as Logger
  const pools = createUpstreamPools(log, onTarget)
  closeAfter(async () => pools.destroy())
  return { pools, lines }
}

test('what a table uses is open, but nothing that is embedded', () => {
  const { pools } = open()
  pools.follow(tableOf({ one: 'http://one.test', here: 'builtin:echo', two: 'http://two.test' }))
  expect(
    pools.describe().map(({ name, targets }) => [name, targets.map(({ url }) => url)]),
  ).toEqual([
    ['one', ['http://one.test']],
    ['two', ['http://two.test']],
  ])
})

test('what stays the same keeps what is known of it; what does not is opened anew', () => {
  const { pools } = open()
  const first = tableOf({ one: 'http://one.test', two: 'http://two.test' })
  pools.follow(first)
  const [one, two] = ['one', 'two'].map((name) => pools.find(named(first, name)))
  const next = tableOf({ one: 'http://one.test', two: 'http://other.test' })
  pools.follow(next)
  expect(pools.find(named(next, 'one'))).toBe(one)
  expect(pools.find(named(next, 'two'))).not.toBe(two)
  expect(pools.describe().map(({ targets }) => targets[0]?.url)).toEqual([
    'http://one.test',
    'http://other.test',
  ])
})

test('a pool that no table uses closes with its last request, and serves a request of before till then', () => {
  const { pools } = open()
  const first = tableOf({ one: 'http://one.test' })
  pools.follow(first)
  const group = pools.find(named(first, 'one'))
  const pool = group.slots[0]?.pool
  if (!pool) throw new Error('no pool')
  expect([pool.reserve(), pools.inFlight()]).toEqual([true, 1])
  const destroy = vi.spyOn(pool, 'destroy')
  pools.follow(tableOf({ other: 'http://other.test' }))
  expect(destroy).not.toHaveBeenCalled()
  pool.release()
  expect(destroy).toHaveBeenCalledTimes(1)
})

test('upstreams of one target share its connections, and each is told of by its name', () => {
  const { pools } = open()
  const table = tableOf({ one: 'http://one.test', two: 'http://one.test' })
  pools.follow(table)
  const [one, two] = ['one', 'two'].map((name) => pools.find(named(table, name)).slots[0])
  expect(one?.pool).toBe(two?.pool)
  one?.pool?.reserve()
  expect(pools.inFlight()).toBe(1)
  const inFlight = pools.describe().map(({ name, targets }) => [name, targets[0]?.inFlight])
  expect(inFlight).toEqual([
    ['one', 1],
    ['two', 1],
  ])
})

test('an upstream that the file calls otherwise is told of by its new name, and keeps its connections', () => {
  const { pools } = open()
  const [before, after] = [tableOf({ old: 'http://one.test' }), tableOf({ new: 'http://one.test' })]
  pools.follow(before)
  const { pool } = pools.find(named(before, 'old')).slots[0] as Slot
  pools.follow(after)
  expect(pools.describe().map(({ name }) => name)).toEqual(['new'])
  expect(pools.find(named(after, 'new')).slots[0]?.pool).toBe(pool)
})

test('certificate files that can not be used are told of, and read again with the next table', () => {
  const { pools, lines } = open()
  const ca = join(folder, 'ca.pem')
  const table = tableOf({ one: `{ url: 'https://one.test', tls: { ca: '${ca}' } }` })
  pools.follow(table)
  expect(lines).toEqual([
    {
      level: 'error',
      upstream: 'one',
      file: ca,
      reason: 'there is no such file',
      message: 'upstream has unusable certificate files',
    },
  ])
  expect(pools.find(named(table, 'one')).isUsable).toBe(false)
  copyFileSync(join(import.meta.dirname, '../../fixtures/tls/ca.pem'), ca)
  pools.follow(table)
  expect(pools.find(named(table, 'one')).isUsable).toBe(true)
  expect(lines).toHaveLength(1)
})

test('a target that changes its state is told of, a loss as a warning', async () => {
  let status = 200
  const upstream = await startUpstream(async (connection, index) =>
    always(ok('').replace('200', `${status}`))(connection, index),
  )
  closeAfter(upstream.close)
  const changes: unknown[] = []
  let hear = (): void => undefined
  const { pools, lines } = open((change) => {
    changes.push(change)
    hear()
  })
  const changed = async (count: number): Promise<void> => {
    while (changes.length < count)
      await new Promise<void>((resolve) => {
        hear = resolve
      })
  }
  const follow = (): void =>
    pools.follow(
      tableOf({
        one: `{ url: '${upstream.url}', health: { path: /ok, interval: 100ms, healthy: 1, unhealthy: 1 } }`,
      }),
    )
  status = 503
  follow()
  await changed(1)
  for (const { socket } of upstream.connections) socket.destroy()
  status = 200
  await changed(2)
  const common = { upstream: 'one', target: upstream.url }
  expect(changes.slice(0, 2)).toEqual([
    { ...common, state: 'down' },
    { ...common, state: 'up' },
  ])
  const message = 'target changed its state'
  expect(lines.slice(0, 2)).toEqual([
    { level: 'warn', ...common, state: 'down', message },
    { level: 'info', ...common, state: 'up', message },
  ])
})
