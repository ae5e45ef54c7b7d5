import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Lane } from '../../../src/proxy/upstream/call.ts'
import { type LaneUser, UpstreamPool } from '../../../src/proxy/upstream/upstream-pool.ts'
import { compileText } from '../../support/compile-text.ts'

interface FakeLane extends Lane {
  readonly name: number
  isClosed: boolean
  hasUnsent: boolean
}

/** A pool whose lanes connect to nothing; `limits` as the file has them. */
function open(limits: string) {
  const { table } = compileText(`
version: 1
upstreams: { up: { url: http://127.0.0.1:1, limits: { ${limits} } } }
routes: [{ name: all, match: { path: /* }, upstream: up }]
`)
  const target = table.upstreams[0]?.targets[0]
  if (target === undefined) throw new Error('no target')
  const pool = new UpstreamPool(target)
  const lanes: FakeLane[] = []
  vi.spyOn(pool, 'createLane').mockImplementation(() => {
    const lane: FakeLane = {
      name: lanes.length,
      openedAt: performance.now(),
      isClosed: false,
      hasUnsent: false,
      send: () => undefined,
      close() {
        lane.isClosed = true
      },
    }
    lanes.push(lane)
    return lane
  })
  const got: number[] = []
  const user = (): LaneUser => ({ onLane: (lane) => void got.push((lane as FakeLane).name) })
  const give = (index: number): void => pool.giveBack(lanes[index] as FakeLane)
  return { pool, lanes, got, user, give }
}

/** Lets the turn end in which something was asked for, and the one after it. */
const twoTurns = (): void => {
  vi.advanceTimersByTime(0)
  // The stopped clock has what is asked for within a turn a millisecond later.
  vi.advanceTimersByTime(1)
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setImmediate'] }))

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('it has a place for each connection and each that may wait, and no more', () => {
  const { pool } = open('connections: 2, queue: 1')
  expect([1, 2, 3, 4].map(() => pool.reserve())).toEqual([true, true, true, false])
  expect(pool.inFlight).toBe(3)
  pool.release()
  expect([pool.reserve(), pool.reserve()]).toEqual([true, false])
})

test('whoever comes when all are in use waits, and the first to wait is served first', () => {
  const { pool, lanes, got, user, give } = open('connections: 2, queue: 9')
  const users = [user(), user(), user(), user(), user()]
  for (const one of users) pool.enter(one)
  expect(got).toEqual([0, 1])
  expect(pool.describe()).toEqual({ connections: 2, idle: 0, waiting: 3, inFlight: 0 })
  expect(pool.leave(users[3] as LaneUser)).toBe(true)
  expect(pool.leave(users[3] as LaneUser)).toBe(false)
  give(1)
  give(0)
  twoTurns()
  expect(got).toEqual([0, 1, 1, 0])
  give(1)
  expect(pool.describe()).toEqual({ connections: 2, idle: 1, waiting: 0, inFlight: 0 })
  expect(lanes).toHaveLength(2)
})

test('the connection that was used last is used next', () => {
  const { pool, got, user, give } = open('connections: 9, queue: 0')
  for (const one of [user(), user()]) pool.enter(one)
  give(0)
  give(1)
  for (const one of [user(), user(), user()]) pool.enter(one)
  expect(got).toEqual([0, 1, 1, 0, 2])
})

test('one that closed while it was idle is passed over', () => {
  const { pool, lanes, got, user, give } = open('connections: 1, queue: 0')
  pool.enter(user())
  give(0)
  ;(lanes[0] as FakeLane).isClosed = true
  expect(pool.describe()).toMatchObject({ connections: 0, idle: 0 })
  pool.enter(user())
  expect(got).toEqual([0, 1])
})

test('one that closed in use makes room for whoever waits', () => {
  const { pool, lanes, got, user, give } = open('connections: 1, queue: 1')
  for (const one of [user(), user()]) pool.enter(one)
  ;(lanes[0] as FakeLane).isClosed = true
  give(0)
  expect(got).toEqual([0, 1])
  expect(pool.describe()).toMatchObject({ connections: 1, waiting: 0 })
})

test('an old one is replaced, idle or in use', () => {
  const { pool, lanes, got, user, give } = open('connections: 1, queue: 1, connectionAge: 10s')
  pool.enter(user())
  vi.advanceTimersByTime(10_000)
  give(0)
  pool.enter(user())
  expect(got).toEqual([0, 0])
  vi.advanceTimersByTime(1)
  pool.enter(user())
  give(0)
  expect(got).toEqual([0, 0, 1])
  expect(lanes[0]?.isClosed).toBe(true)
  give(1)
  vi.advanceTimersByTime(10_001)
  pool.enter(user())
  expect(got).toEqual([0, 0, 1, 2])
  expect(pool.describe()).toMatchObject({ connections: 1, idle: 0 })
})

test('without a limit none is too old', () => {
  const { pool, got, user, give } = open('connections: 1, queue: 0, connectionAge: 0s')
  pool.enter(user())
  vi.advanceTimersByTime(1_000_000_000)
  give(0)
  pool.enter(user())
  expect(got).toEqual([0, 0])
})

test('one with bytes of its last request unsent serves the next once they are gone', () => {
  const { pool, lanes, got, user, give } = open('connections: 1, queue: 1')
  for (const one of [user(), user()]) pool.enter(one)
  ;(lanes[0] as FakeLane).hasUnsent = true
  give(0)
  expect(got).toEqual([0])
  ;(lanes[0] as FakeLane).hasUnsent = false
  vi.runAllTicks()
  twoTurns()
  twoTurns()
  expect(got).toEqual([0, 0])
})

test('one that its upstream ends behind its answer is not handed to whoever waits', () => {
  const { pool, lanes, got, user, give } = open('connections: 1, queue: 1')
  for (const one of [user(), user()]) pool.enter(one)
  give(0)
  // Whoever is written to before the end is read gets no answer.
  expect(got).toEqual([0])
  vi.advanceTimersByTime(0)
  expect(got).toEqual([0])
  ;(lanes[0] as FakeLane).isClosed = true
  vi.advanceTimersByTime(1)
  expect(got).toEqual([0, 1])
  expect(pool.describe()).toMatchObject({ connections: 1, idle: 0, waiting: 0 })
})

test('one that nobody waits for any more when it has rested is idle', () => {
  const { pool, lanes, got, user, give } = open('connections: 1, queue: 1')
  const waiting = user()
  for (const one of [user(), waiting]) pool.enter(one)
  give(0)
  pool.leave(waiting)
  twoTurns()
  expect([got, lanes[0]?.isClosed, pool.describe().idle]).toEqual([[0], false, 1])
})

test('one that rested while its pool was retired serves nobody else', () => {
  const { pool, lanes, got, user, give } = open('connections: 1, queue: 1')
  for (const one of [user(), user()]) {
    pool.reserve()
    pool.enter(one)
  }
  give(0)
  pool.retire()
  twoTurns()
  expect([got, lanes[0]?.isClosed]).toEqual([[0, 1], true])
})

test('one whose last bytes left after its pool was retired is kept for nobody', () => {
  const { pool, lanes, user, give } = open('connections: 1, queue: 1')
  pool.reserve()
  pool.enter(user())
  ;(lanes[0] as FakeLane).hasUnsent = true
  pool.retire()
  give(0)
  pool.release()
  ;(lanes[0] as FakeLane).hasUnsent = false
  twoTurns()
  twoTurns()
  expect([lanes[0]?.isClosed, pool.describe()]).toMatchObject([true, { connections: 0, idle: 0 }])
})

test.each([
  { name: 'that has them still', prepare: ({ lanes }: ReturnType<typeof open>) => void lanes },
  {
    name: 'that has closed',
    prepare: ({ lanes }: ReturnType<typeof open>) => {
      Object.assign(lanes[0] as FakeLane, { isClosed: true, hasUnsent: false })
    },
  },
])('one $name is replaced', ({ prepare }) => {
  const opened = open('connections: 1, queue: 1')
  const { pool, lanes, got, user, give } = opened
  for (const one of [user(), user()]) pool.enter(one)
  ;(lanes[0] as FakeLane).hasUnsent = true
  give(0)
  prepare(opened)
  vi.advanceTimersByTime(0)
  expect(got).toEqual([0, 1])
  expect(lanes[0]?.isClosed).toBe(true)
})

test('a new connection is opened where it must be, in the place of an idle one where all are open', () => {
  const { pool, lanes, got, user, give } = open('connections: 2, queue: 9')
  pool.enter(user())
  give(0)
  pool.enterAfresh(user())
  expect([got, lanes[0]?.isClosed]).toEqual([[0, 1], false])
  pool.enterAfresh(user())
  expect([got, lanes[0]?.isClosed]).toEqual([[0, 1, 2], true])
  pool.enterAfresh(user())
  expect(pool.describe()).toMatchObject({ connections: 2, waiting: 1 })
  give(1)
  twoTurns()
  expect(got).toEqual([0, 1, 2, 1])
})

test('one that is bound is handed to nobody else', () => {
  const { pool, lanes, got, user } = open('connections: 1, queue: 1')
  pool.enter(user())
  const [lane] = lanes as [FakeLane]
  pool.bind(lane)
  pool.enter(user())
  expect(got).toEqual([0])
  expect(pool.use(lane)).toBe(true)
  pool.bind(lane)
  lane.isClosed = true
  expect(pool.use(lane)).toBe(false)
  expect(got).toEqual([0, 1])
  pool.unbind(lane)
  expect(pool.describe()).toMatchObject({ connections: 1, waiting: 0 })
})

/** A connection that is nobody's has closed by itself. */
function closeByItself(pool: UpstreamPool, lane: FakeLane): void {
  lane.isClosed = true
  const { onClosed } = Reflect.get(pool, 'http1') as { readonly onClosed: () => void }
  onClosed()
}

test('one that closes while it is bound makes room, and no other does', () => {
  const { pool, lanes, got, user } = open('connections: 2, queue: 9')
  for (const one of [user(), user(), user()]) pool.enter(one)
  const [first, second] = lanes as [FakeLane, FakeLane]
  pool.bind(first)
  pool.bind(second)
  closeByItself(pool, second)
  expect(got).toEqual([0, 1, 2])
  expect(first.isClosed).toBe(false)
  expect(pool.describe()).toMatchObject({ connections: 2, waiting: 0 })
})

test('those that close while they are idle are forgotten', () => {
  const { pool, lanes, got, user, give } = open('connections: 4, queue: 0')
  for (const one of [user(), user(), user(), user()]) pool.enter(one)
  for (const index of [0, 1, 2]) give(index)
  for (const lane of lanes.slice(0, 2)) closeByItself(pool, lane)
  expect(pool.describe()).toMatchObject({ connections: 2, idle: 1 })
  for (const one of [user(), user(), user()]) pool.enter(one)
  expect(got).toEqual([0, 1, 2, 3, 2, 4, 5])
  expect(pool.describe()).toMatchObject({ connections: 4, idle: 0, waiting: 0 })
})

test('retired it closes what is idle, and all once its last request is over', () => {
  const { pool, lanes, user, give } = open('connections: 2, queue: 0')
  pool.reserve()
  for (const one of [user(), user()]) pool.enter(one)
  give(0)
  pool.retire()
  expect(lanes.map(({ isClosed }) => isClosed)).toEqual([false, false])
  give(1)
  pool.release()
  expect(lanes.map(({ isClosed }) => isClosed)).toEqual([true, true])
  expect(pool.describe()).toEqual({ connections: 0, idle: 0, waiting: 0, inFlight: 0 })
})

test('one that is retired without a request closes at once', () => {
  const { pool, lanes, user, give } = open('connections: 2, queue: 0')
  pool.enter(user())
  give(0)
  pool.retire()
  expect(lanes[0]?.isClosed).toBe(true)
})

test('a retired one lets no connection wait for its last bytes', () => {
  const { pool, lanes, user, give } = open('connections: 2, queue: 0')
  pool.reserve()
  pool.enter(user())
  pool.retire()
  ;(lanes[0] as FakeLane).hasUnsent = true
  give(0)
  ;(lanes[0] as FakeLane).hasUnsent = false
  vi.advanceTimersByTime(0)
  expect(lanes[0]?.isClosed).toBe(true)
})
