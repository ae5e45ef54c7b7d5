import { expect, test, vi } from 'vitest'
import { Bond, bindsConnection } from '../../../src/proxy/upstream/bond.ts'
import type { Lane } from '../../../src/proxy/upstream/call.ts'
import type { UpstreamPool } from '../../../src/proxy/upstream/upstream-pool.ts'

test.each([
  { fields: [], binds: false },
  { fields: ['Authorization', 'NTLM TlRMTVNTUA=='], binds: true },
  { fields: ['authorization', ' negotiate FAKE'], binds: true },
  { fields: ['Accept', '*/*', 'AUTHORIZATION', 'Negotiate'], binds: true },
  { fields: ['Authorization', 'Negotiated FAKE'], binds: false },
  { fields: ['Authorization', 'Bearer ntlm FAKE'], binds: false },
  { fields: ['Authorization', 'Basic FAKE', 'Authorization', 'NTLM FAKE'], binds: true },
  { fields: ['X-Authorizatn', 'NTLM FAKE'], binds: false },
  { fields: ['Proxy-Authorization', 'NTLM FAKE'], binds: false },
])('$fields authenticates its connection: $binds', ({ fields, binds }) => {
  expect(bindsConnection(fields)).toBe(binds)
})

type Fake<T> = { [Key in keyof T]: ReturnType<typeof vi.fn> }

function poolOf(
  use = true,
): UpstreamPool & Fake<Pick<UpstreamPool, 'giveBack' | 'bind' | 'unbind'>> {
  const pool = { use: vi.fn(() => use), giveBack: vi.fn(), bind: vi.fn(), unbind: vi.fn() }
  return pool as never
}

function laneOf(isClosed = false): Lane {
  const lane = {
    isClosed,
    close: vi.fn(() => {
      lane.isClosed = true
    }),
  }
  return lane as unknown as Lane
}

test('the connection of a client serves its next request, and one at a time', () => {
  const [bond, pool, lane] = [new Bond(), poolOf(), laneOf()]
  expect(bond.holds(pool)).toBe(false)
  expect(bond.take(pool)).toBeNull()
  expect(bond.holds(pool)).toBe(true)
  bond.keep(pool, lane)
  expect(pool.bind).toHaveBeenCalledWith(lane)
  expect(bond.take(pool)).toBe(lane)
  expect(bond.take(pool)).toBeNull()
})

test('one that closed meanwhile is replaced', () => {
  const [bond, pool] = [new Bond(), poolOf(false)]
  bond.keep(pool, laneOf())
  expect(bond.take(pool)).toBeNull()
})

test('one that is closed after its request goes back, and is not bound', () => {
  const [bond, pool, lane] = [new Bond(), poolOf(), laneOf(true)]
  bond.take(pool)
  bond.keep(pool, lane)
  expect(pool.giveBack).toHaveBeenCalledWith(lane)
  expect(pool.bind).not.toHaveBeenCalled()
  expect(bond.take(pool)).toBeNull()
})

test('with the client its connections end, those in use when their request does', () => {
  const bond = new Bond()
  const [idle, busy] = [poolOf(), poolOf()]
  const [first, second] = [laneOf(), laneOf()]
  bond.keep(idle, first)
  bond.take(busy)
  bond.close()
  expect(first.close).toHaveBeenCalledTimes(1)
  expect(idle.unbind).toHaveBeenCalledWith(first)
  expect(busy.unbind).not.toHaveBeenCalled()
  expect(bond.holds(idle)).toBe(false)
  bond.keep(busy, second)
  expect(second.close).toHaveBeenCalledTimes(1)
  expect(busy.giveBack).toHaveBeenCalledWith(second)
  expect(busy.bind).not.toHaveBeenCalled()
})
