import { expect, test } from 'vitest'
import {
  tellAfresh,
  tellFailed,
  tellNext,
  tellPassedOver,
  tellRested,
  tellUnkept,
} from '../../../src/proxy/exchange/delivery/delivery-log.ts'
import type { Incoming } from '../../../src/proxy/exchange/incoming.ts'
import type { Forward } from '../../../src/routing/decide/decision.ts'
import type { Failure } from '../../../src/upstreams/failure.ts'

const forwardOf = (upstream: string, parts: object = {}): Forward =>
  ({
    route: 'r',
    upstream: { config: { name: upstream } },
    retry: { on: [503], bufferBytes: 9 },
    fallbacks: [],
    secret: null,
    ...parts,
  }) as unknown as Forward

const UP = forwardOf('up')

/** What is logged, and what the metrics hear. */
function open() {
  const lines: unknown[] = []
  const retries: unknown[] = []
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push([level, message, fields])
  const context = {
    log: { info: at('info'), warn: at('warn') },
    onRetry: (...names: unknown[]) => void retries.push(names),
  }
  return { lines, retries, incoming: { id: 'id-1', context } as unknown as Incoming }
}

const NAMES = { id: 'id-1', route: 'r', upstream: 'up' }

test('that no attempt is left', () => {
  const { incoming, lines } = open()
  tellFailed(incoming, UP, 'ECONNRESET')
  expect(lines).toEqual([['warn', 'upstream failed', { ...NAMES, code: 'ECONNRESET' }]])
})

test('where a request goes after an attempt that failed, by the name of the fallback', () => {
  const { incoming, lines, retries } = open()
  const next = { forward: forwardOf('far'), failedTargets: [], delayMs: 12.6 }
  tellNext(incoming, UP, next, '503')
  const fields = { ...NAMES, next: 'far', code: '503', delayMs: 13 }
  expect(lines).toEqual([['warn', 'trying again', fields]])
  expect(retries).toEqual([['up', 'far']])
})

test('that a kept connection was just being closed', () => {
  const { incoming, lines, retries } = open()
  tellAfresh(incoming, UP)
  expect(lines).toEqual([['info', 'sending on a new connection', NAMES]])
  expect(retries).toEqual([['up', 'up']])
})

test('without metrics nobody is asked to count', () => {
  const { incoming } = open()
  Object.assign(incoming.context, { onRetry: undefined })
  expect(() => tellAfresh(incoming, UP)).not.toThrow()
  const next = { forward: UP, failedTargets: [], delayMs: 0 }
  expect(() => tellNext(incoming, UP, next, '503')).not.toThrow()
})

const status = (one: number): Failure => ({ type: 'status', status: one })

test.each([
  { name: 'a retry that the file names', failure: status(503), on: [], told: 1 },
  { name: 'a fallback that it names', failure: status(500), on: ['5xx'], told: 1 },
  { name: 'what it does not name', failure: status(404), on: ['5xx'], told: 0 },
  {
    name: 'a connection that could not be had',
    failure: { type: 'connect' },
    on: ['connect'],
    told: 0,
  },
] as const)('that a body was not kept is told for $name: $told', ({ failure, on, told }) => {
  const { incoming, lines } = open()
  tellUnkept(incoming, forwardOf('up', { fallbacks: [{ on }] }), failure, 'X')
  const line = ['warn', 'not sent again: its body was not kept', { ...NAMES, code: 'X', keeps: 9 }]
  expect(lines).toEqual(told === 1 ? [line] : [])
})

test('that a fallback was not taken, and why', () => {
  const { incoming, lines } = open()
  tellPassedOver(incoming, UP, { fallback: 'far', code: 'secret_unavailable' })
  const fields = { ...NAMES, fallback: 'far', code: 'secret_unavailable' }
  expect(lines).toEqual([['warn', 'fallback passed over', fields]])
})

test('that a key of a pool rests, by its place', () => {
  const { incoming, lines } = open()
  const forward = forwardOf('up', { secret: { name: 'pool', value: 'FAKE' } })
  tellRested(incoming, forward, { index: 2, restsMs: 99.5 } as never)
  expect(lines).toEqual([['warn', 'key rests', { ...NAMES, secret: 'pool[2]', restsMs: 100 }]])
})
