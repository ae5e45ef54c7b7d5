import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CallHandler, Lane, OutgoingRequest } from '../../../src/proxy/upstream/call.ts'
import { type LastCheck, startHealthChecks } from '../../../src/proxy/upstream/health-checks.ts'

const SETTINGS = {
  path: '/healthz',
  intervalMs: 10_000,
  timeoutMs: 2_000,
  healthy: 1,
  unhealthy: 2,
  statuses: [200, 204],
}

/** What a check has sent, and whom it told. */
interface Sent {
  readonly request: OutgoingRequest
  readonly handler: CallHandler
  readonly cancel: ReturnType<typeof vi.fn>
}

function start() {
  const sent: Sent[] = []
  const told: unknown[] = []
  const lanes: { isClosed: boolean; close: ReturnType<typeof vi.fn> }[] = []
  const createLane = (): Lane => {
    const lane = {
      isClosed: false,
      close: vi.fn<() => void>(),
      send(request: OutgoingRequest, handler: CallHandler) {
        sent.push({ request, handler, cancel: vi.fn() })
      },
    }
    lanes.push(lane)
    return lane as unknown as Lane
  }
  const stop = startHealthChecks({
    settings: SETTINGS,
    createLane,
    onChange: (state) => void told.push(state),
    onChecked: ({ outcome }: LastCheck) => void told.push(outcome),
  })
  /** The call of the latest check is on a connection. */
  const connect = (): Sent => {
    const latest = sent.at(-1) as Sent
    latest.handler.onConnect({ cancel: latest.cancel, resume: vi.fn() } as never)
    return latest
  }
  return { sent, told, lanes, stop, connect }
}

const answer = ({ handler }: Sent, status: number): void => {
  handler.onHead({ status } as never)
  handler.onEnd()
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 4, 1) })
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('a check asks for its path, without a credential and with the time that it has', () => {
  const { sent } = start()
  expect(sent.map(({ request }) => request)).toEqual([
    {
      method: 'GET',
      target: '/healthz',
      fields: ['user-agent', 'keyway-health'],
      body: null,
      headersMs: 2_000,
      idleMs: 2_000,
      upgrade: null,
    },
  ])
})

test.each([
  { status: 200, told: ['good'] },
  { status: 204, told: ['good'] },
  { status: 201, told: ['bad', 'down'] },
  { status: 503, told: ['bad', 'down'] },
])('the first answer decides: $status', ({ status, told: expected }) => {
  const { connect, told } = start()
  answer(connect(), status)
  expect(told).toEqual(expected)
})

test('after an answer the next check begins an interval later, on the same connection', () => {
  const { connect, sent, lanes, told } = start()
  answer(connect(), 200)
  vi.advanceTimersByTime(9_999)
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(sent).toHaveLength(2)
  answer(connect(), 503)
  vi.advanceTimersByTime(10_000)
  answer(connect(), 503)
  expect(told).toEqual(['good', 'bad', 'bad', 'down'])
  expect(lanes).toHaveLength(1)
})

test('a connection that was closed is made anew', () => {
  const { connect, sent, lanes } = start()
  answer(connect(), 200)
  ;(lanes[0] as { isClosed: boolean }).isClosed = true
  vi.advanceTimersByTime(10_000)
  expect([lanes.length, sent.length]).toEqual([2, 2])
})

test.each([
  { random: 0, ms: 9_000 },
  { random: 1, ms: 11_000 },
])('checks of many proxies do not go in step: with $random after $ms ms', ({ random, ms }) => {
  vi.spyOn(Math, 'random').mockReturnValue(random)
  const { connect, sent } = start()
  answer(connect(), 200)
  vi.advanceTimersByTime(ms - 1)
  expect(sent).toHaveLength(1)
  vi.advanceTimersByTime(1)
  expect(sent).toHaveLength(2)
})

test('a target that takes a connection and does not answer in time is bad', () => {
  const { connect, told, lanes } = start()
  const { cancel } = connect()
  vi.advanceTimersByTime(1_999)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual(['bad', 'down'])
  expect(cancel).toHaveBeenCalledTimes(1)
  expect(lanes[0]?.close).not.toHaveBeenCalled()
})

test('so is one that takes no connection in time, which is waited for no more', () => {
  const { told, lanes } = start()
  vi.advanceTimersByTime(2_000)
  expect(told).toEqual(['bad', 'down'])
  expect(lanes[0]?.close).toHaveBeenCalledTimes(1)
})

test('an answer that comes after its time counts for nothing', () => {
  const { connect, told } = start()
  const late = connect()
  vi.advanceTimersByTime(2_000)
  answer(late, 200)
  late.handler.onError(new Error('x'))
  expect(told).toEqual(['bad', 'down'])
})

test('an answer in time leaves no timer but that of the next check', () => {
  const { connect } = start()
  answer(connect(), 200)
  expect(vi.getTimerCount()).toBe(1)
})

test.each([
  { name: 'a connection that fails', end: ({ handler }: Sent) => handler.onError(new Error('x')) },
  {
    name: 'a good answer that is broken off',
    end: ({ handler }: Sent) => {
      handler.onHead({ status: 200 } as never)
      handler.onBody(Buffer.alloc(65_536))
      handler.onError(new Error('x'))
    },
  },
  {
    name: 'a bad answer that is very long',
    end: ({ handler }: Sent) => {
      handler.onHead({ status: 503 } as never)
      handler.onBody(Buffer.alloc(65_537))
      handler.onError(new Error('x'))
    },
  },
  {
    name: 'one that switches protocols',
    end: ({ handler }: Sent) => handler.onTunnel({ status: 101 } as never, {} as never),
  },
])('bad is $name', ({ end }) => {
  const { connect, told } = start()
  end(connect())
  expect(told).toEqual(['bad', 'down'])
})

test('a good answer that is very long is broken off, and good', () => {
  const { connect, told } = start()
  const { handler, cancel } = connect()
  handler.onInterim({ status: 103 } as never)
  handler.onHead({ status: 200 } as never)
  expect(handler.onBody(Buffer.alloc(65_536))).toBe(true)
  expect(cancel).not.toHaveBeenCalled()
  expect(handler.onBody(Buffer.alloc(1))).toBe(true)
  expect(cancel).toHaveBeenCalledTimes(1)
  handler.onError(new Error('x'))
  expect(told).toEqual(['good'])
})

test('the time of a check is that of its end', () => {
  const checks: LastCheck[] = []
  const handlers: CallHandler[] = []
  const lane = { send: (_: OutgoingRequest, handler: CallHandler) => void handlers.push(handler) }
  startHealthChecks({
    settings: SETTINGS,
    createLane: () => lane as unknown as Lane,
    onChange: () => undefined,
    onChecked: (check) => void checks.push(check),
  })
  vi.advanceTimersByTime(1_500)
  handlers[0]?.onEnd()
  expect(checks).toEqual([{ outcome: 'bad', at: '2026-05-01T00:00:01.500Z' }])
})

test('once they are stopped nothing is asked or told any more', () => {
  const { connect, sent, told, lanes, stop } = start()
  const first = connect()
  stop()
  expect(first.cancel).toHaveBeenCalledTimes(1)
  expect(lanes[0]?.close).toHaveBeenCalledTimes(1)
  answer(first, 200)
  expect([told, vi.getTimerCount(), sent.length]).toEqual([[], 0, 1])
})

test('stopped between two checks there is no other', () => {
  const { connect, sent, stop } = start()
  answer(connect(), 200)
  stop()
  vi.advanceTimersByTime(60_000)
  expect(sent).toHaveLength(1)
})

test('a connection that comes after the stop is not used', () => {
  const { connect, stop } = start()
  stop()
  expect(connect().cancel).toHaveBeenCalledTimes(1)
})
