import { expect, test, vi } from 'vitest'
import { Attempts, type FailedAttempt } from '../../../src/proxy/exchange/delivery/attempts.ts'
import type { Decision, Forward } from '../../../src/routing/decide/decision.ts'
import type { Failure } from '../../../src/upstreams/failure.ts'

const RETRY = {
  attempts: 2,
  on: ['connect', 'reset', 'timeout', '5xx', 429],
  methods: ['GET'],
  backoffMs: 100,
  maxBackoffMs: 1_000,
  bufferBytes: 9,
}

type Parts = Readonly<Record<string, unknown>>

const forwardOf = (parts: Parts = {}): Forward =>
  ({
    action: 'forward',
    retry: RETRY,
    fallbacks: [],
    secret: null,
    upstream: { key: 'up' },
    ...parts,
  }) as unknown as Forward

const UP = forwardOf()

/** A target of an upstream that has so many. */
const slotOf = (index: number, targets: number) =>
  ({ index, group: { slots: Array(targets).fill({}), budget: { take: () => true } } }) as never

const failedOf = (failure: Failure, parts: Parts = {}): FailedAttempt =>
  ({
    forward: UP,
    slot: slotOf(0, 1),
    failure,
    retryAfterMs: null,
    isReplayable: true,
    isCrowded: false,
    ...parts,
  }) as FailedAttempt

const CONNECT: Failure = { type: 'connect' }
const status = (one: number): Failure => ({ type: 'status', status: one })

function open(decide: () => Decision | null = () => null, method = 'GET') {
  const onPassedOver = vi.fn()
  return { attempts: new Attempts(method, decide, onPassedOver), onPassedOver }
}

test('a request is sent again as often as the file says', () => {
  const { attempts } = open()
  const first = attempts.next(failedOf(CONNECT))
  expect(first).toMatchObject({ forward: UP, failedTargets: [0] })
  expect(first?.delayMs).toBeGreaterThanOrEqual(0)
  expect(attempts.next(failedOf(CONNECT))).toMatchObject({ failedTargets: [0, 0] })
  expect(attempts.next(failedOf(CONNECT))).toBeNull()
})

test.each([
  { name: 'what the file does not name', failed: failedOf(status(404)) },
  { name: 'what would be carried out twice', failed: failedOf(status(500)), method: 'POST' },
  { name: 'a body that was not kept', failed: failedOf(status(500), { isReplayable: false }) },
  { name: 'a target without a connection free', failed: failedOf(CONNECT, { isCrowded: true }) },
])('not sent again: $name', ({ failed, method }) => {
  expect(open(undefined, method).attempts.next(failed)).toBeNull()
})

test.each([
  { name: 'a target that is crowded', failure: CONNECT, isCrowded: true },
  { name: 'a target that fails', failure: status(503), isCrowded: false },
  { name: 'a connection that breaks', failure: { type: 'reset' } as Failure, isCrowded: false },
])('another target is asked at once after $name', ({ failure, isCrowded }) => {
  const failed = failedOf(failure, { slot: slotOf(1, 2), isCrowded })
  expect(open().attempts.next(failed)).toEqual({ forward: UP, failedTargets: [1], delayMs: 0 })
})

test('after all targets have failed the next attempt waits', () => {
  vi.spyOn(Math, 'random').mockReturnValue(0.999)
  const { attempts } = open()
  attempts.next(failedOf(CONNECT, { slot: slotOf(0, 2) }))
  const second = attempts.next(failedOf(CONNECT, { slot: slotOf(1, 2) }))
  vi.restoreAllMocks()
  expect(second?.failedTargets).toEqual([0, 1])
  expect(second?.delayMs).toBeGreaterThan(0)
})

test('a key that is refused gives way to the next of its pool, at once', () => {
  const [one, two] = ['FAKE-1', 'FAKE-2'].map((value) => forwardOf({ secret: { value } }))
  const { attempts } = open(() => two as Forward)
  const failed = failedOf(status(429), { forward: one, retryAfterMs: 60_000 })
  expect(attempts.next(failed)).toEqual({ forward: two, failedTargets: [0], delayMs: 0 })
})

test.each([{ failure: status(503) }, { failure: CONNECT }])(
  'a key goes on where it is not what was refused: $failure',
  ({ failure }) => {
    const forward = forwardOf({ secret: { value: 'FAKE-1' } })
    const decide = vi.fn(() => forwardOf({ secret: { value: 'FAKE-2' } }))
    expect(open(decide).attempts.next(failedOf(failure, { forward }))?.forward).toBe(forward)
    expect(decide).not.toHaveBeenCalled()
  },
)

test.each([
  { name: 'all keys rest', decided: null },
  { name: 'it would be refused now', decided: { action: 'reject' } as Decision },
])('where $name the refusal is the answer', ({ decided }) => {
  const forward = forwardOf({ secret: { value: 'FAKE-1' } })
  expect(open(() => decided).attempts.next(failedOf(status(429), { forward }))).toBeNull()
})

test('a decision for another upstream meanwhile changes nothing', () => {
  const forward = forwardOf({ secret: { value: 'FAKE-1' } })
  const other = forwardOf({ secret: { value: 'FAKE-2' }, upstream: { key: 'other' } })
  const next = open(() => other).attempts.next(failedOf(status(429), { forward }))
  expect(next?.forward).toBe(forward)
})

const FAR = forwardOf({ upstream: { key: 'far' } })

const fallbackOf = (on: readonly unknown[], decision: unknown = FAR): object => ({
  upstream: 'far',
  on,
  decide: () => decision,
})

const withFallbacks = (...fallbacks: readonly object[]): Forward =>
  forwardOf({ retry: { ...RETRY, attempts: 0 }, fallbacks })

test('without an attempt left the first fallback for that failure takes it, anew', () => {
  const forward = withFallbacks(fallbackOf([404]), fallbackOf(['5xx']))
  const { attempts } = open(undefined, 'POST')
  expect(attempts.next(failedOf(status(500), { forward }))).toEqual({
    forward: FAR,
    failedTargets: [],
    delayMs: 0,
  })
  expect(attempts.next(failedOf(CONNECT, { forward: FAR }))).toMatchObject({ failedTargets: [0] })
})

test.each([
  { name: 'none is for it', failure: status(404), isReplayable: true, isTaken: false },
  { name: 'the body was not kept', failure: status(500), isReplayable: false, isTaken: false },
  { name: 'nothing was sent yet', failure: CONNECT, isReplayable: false, isTaken: true },
])('a fallback where $name: $isTaken', ({ failure, isReplayable, isTaken }) => {
  const forward = withFallbacks(fallbackOf(['connect', '5xx']))
  const next = open().attempts.next(failedOf(failure, { forward, isReplayable }))
  expect(next !== null).toBe(isTaken)
})

test('a fallback that would refuse the request is passed over, and told of', () => {
  const refusal = { action: 'reject', code: 'credential_not_accepted' }
  const forward = withFallbacks(fallbackOf(['connect'], refusal), fallbackOf(['connect']))
  const { attempts, onPassedOver } = open()
  expect(attempts.next(failedOf(CONNECT, { forward }))?.forward).toBe(FAR)
  expect(onPassedOver.mock.calls).toEqual([['far', 'credential_not_accepted']])
})

test('the keys of a fallback are its own', () => {
  const decide = vi.fn(() => forwardOf({ secret: { value: 'FAKE-9' }, upstream: { key: 'far' } }))
  const forward = withFallbacks({ upstream: 'far', on: ['connect'], decide })
  const { attempts } = open(() => null)
  const far = attempts.next(failedOf(CONNECT, { forward }))?.forward as Forward
  attempts.next(failedOf(status(429), { forward: far }))
  expect(decide).toHaveBeenCalledTimes(2)
})

test.each([
  { name: 'at the first attempt, as if nobody could be reached', before: null, on: ['connect'] },
  { name: 'after a failure, for that failure too', before: status(503), on: [503] },
])('an upstream without a place is passed over $name', ({ before, on }) => {
  const { attempts } = open()
  if (before !== null) attempts.next(failedOf(before))
  expect(attempts.passOver(withFallbacks(fallbackOf(on)))?.forward).toBe(FAR)
})

test('an upstream without a place and without a fallback is the end', () => {
  expect(open().attempts.passOver(UP)).toBeNull()
  expect(open().attempts.passOver(withFallbacks(fallbackOf([503])))).toBeNull()
})
