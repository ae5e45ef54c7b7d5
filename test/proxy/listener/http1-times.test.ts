import { Socket } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import type { ServerLimits } from '../../../src/config/shapes/normal-config.ts'
import {
  Closing,
  type ClosingOwner,
  type Stage,
} from '../../../src/proxy/listener/http1/closing.ts'
import { dateNow } from '../../../src/proxy/listener/http1/date-now.ts'
import type { Http1Service } from '../../../src/proxy/listener/http1/http1-service.ts'
import { accept, recording } from './accepted-connection.ts'

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

afterEach(() => void vi.useRealTimers())

function accepted(limits: Partial<ServerLimits>) {
  vi.useFakeTimers()
  return accept(limits)
}

test.each([
  { headersTimeoutMs: 400, keepAliveMs: 60_000, from: 400, to: 600 },
  { headersTimeoutMs: 20, keepAliveMs: 60_000, from: 20, to: 40 },
  { headersTimeoutMs: 40_000, keepAliveMs: 0, from: 40_000, to: 41_000 },
])('a head is waited for as long as the file says: $headersTimeoutMs ms', (row) => {
  const { refused, done, send } = accepted(row)
  send('GET / HT')
  vi.advanceTimersByTime(row.from - 1)
  expect(refused).toEqual([])
  vi.advanceTimersByTime(row.to - row.from + 1)
  expect(refused).toEqual(['headers_timeout'])
  expect(done.filter((what) => what.startsWith('HTTP/1.1 408 '))).toHaveLength(1)
})

test('a connection is kept between requests as long as the file says', () => {
  const { done, send, answer } = accepted({ keepAliveMs: 400 })
  send(GET)
  // However long its answer takes.
  vi.advanceTimersByTime(10_000)
  answer()
  vi.advanceTimersByTime(399)
  expect(done).not.toContain('destroy')
  vi.advanceTimersByTime(300)
  expect(done.at(-1)).toBe('destroy')
})

test('for ever where it says none, and a head may take for ever', () => {
  const { done, refused, send, answer } = accepted({})
  send(GET)
  answer()
  vi.advanceTimersByTime(1_000_000)
  send('GET / HT')
  vi.advanceTimersByTime(1_000_000)
  expect([done.includes('destroy'), refused]).toEqual([false, []])
})

test('a request whose end is not clear does not go on where nobody refuses it at once', () => {
  const { done, asked, send } = accepted({ keepAliveMs: 400 })
  send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n')
  expect([asked.length, done.at(-1)]).toEqual([1, 'destroy'])
  // Its answer would have said so, too.
  expect(asked[0]?.[1].shouldKeepAlive).toBe(false)
})

test.each([
  { name: 'nothing is under way', sent: '', isEnded: true },
  { name: 'a head is on its way', sent: 'GET / HT', isEnded: false },
  { name: 'a request is not answered yet', sent: GET, isEnded: false },
])('at a shutdown a connection ends at once where $name: $isEnded', ({ sent, isEnded }) => {
  const { inbound, done, send } = accepted({})
  if (sent !== '') send(sent)
  inbound.shutDown()
  expect(done.includes('destroy soon')).toBe(isEnded)
})

test('a connection that closed as it came is not served', () => {
  const { inbound } = accepted({})
  const socket = new Socket()
  socket.destroy()
  inbound.take(socket)
  expect(socket.listenerCount('data')).toBe(0)
})

/** The end of a connection that has come so far, with so many bytes unsent. */
function endOf(stage: Stage, unsent = 0) {
  const { socket, done } = recording()
  const state = { writableLength: unsent, isPaused: true }
  Object.defineProperty(socket, 'writableLength', { get: () => state.writableLength })
  Object.assign(socket, { isPaused: () => state.isPaused })
  const owner: ClosingOwner = {
    ...{ socket, peerIp: '192.0.2.1' },
    occupant: { onShutdown: () => void done.push('ends with its answer') } as never,
    stage: () => stage,
    dropHeld: () => void done.push('drop'),
  }
  const service = {
    after: (ms: number) => ms,
    limits: { bodyIdleMs: 7 },
    refuse: (_client: unknown, code: string) => void done.push(code),
  }
  const closing = new Closing(owner, service as unknown as Http1Service)
  return { closing, state, done }
}

const STAGES: readonly Stage[] = ['idle', 'held', 'head', 'body', 'response', 'answered']

test.each(STAGES)('what was written leaves before a connection closes: %s', (stage) => {
  const { closing, done } = endOf(stage)
  expect([closing.dueStep, closing.isBegun]).toEqual([Number.POSITIVE_INFINITY, false])
  closing.close()
  // Destroyed with bytes unread it would be reset, and its answer lost.
  expect(done).toEqual(stage === 'idle' ? ['drop', 'destroy soon'] : ['drop', 'end', 'resume'])
  expect([closing.dueStep, closing.isBegun]).toEqual([2_000, true])
})

test.each<{ stage: Stage; done: readonly string[] }>([
  { stage: 'idle', done: ['destroy soon'] },
  { stage: 'held', done: [] },
  { stage: 'head', done: [] },
  { stage: 'body', done: ['ends with its answer'] },
  { stage: 'response', done: ['ends with its answer'] },
  { stage: 'answered', done: ['ends with its answer'] },
])('at a shutdown: $stage', ({ stage, done: expected }) => {
  const { closing, done } = endOf(stage)
  closing.shutDown()
  expect(done).toEqual(expected)
})

test.each<{ stage: Stage; unsent: number; done: readonly string[]; isBegun: boolean }>([
  { stage: 'idle', unsent: 0, done: ['destroy'], isBegun: false },
  { stage: 'idle', unsent: 1, done: ['drop', 'destroy soon'], isBegun: true },
  { stage: 'held', unsent: 0, done: ['destroy'], isBegun: false },
  { stage: 'held', unsent: 1, done: [], isBegun: false },
  { stage: 'head', unsent: 0, done: ['headers_timeout', 'drop', 'end', 'resume'], isBegun: true },
  { stage: 'body', unsent: 0, done: [''], isBegun: false },
  { stage: 'response', unsent: 0, done: [''], isBegun: false },
  // What waits to be written fails by itself where it can't leave.
  { stage: 'response', unsent: 5, done: [], isBegun: false },
  { stage: 'answered', unsent: 0, done: ['destroy'], isBegun: false },
  { stage: 'answered', unsent: 1, done: ['drop', 'end', 'resume'], isBegun: true },
])('when nothing came for too long: $stage, $unsent bytes unsent', ({ stage, unsent, ...row }) => {
  const { closing, done } = endOf(stage, unsent)
  closing.onDue()
  expect({ done, isBegun: closing.isBegun }).toEqual(row)
})

test.each(['body', 'response'] as const)(
  'a client that is not read is looked for within a second, as long as it is not: %s',
  (stage) => {
    const { closing, state, done } = endOf(stage)
    closing.watchUnread()
    expect(closing.dueStep).toBe(500)
    closing.unschedule()
    closing.onDue()
    expect([closing.dueStep, done]).toEqual([500, ['']])
    closing.unschedule()
    state.isPaused = false
    closing.onDue()
    expect([closing.dueStep, done]).toEqual([Number.POSITIVE_INFINITY, ['']])
  },
)

test.each([
  { stage: 'held', dueStep: 7 },
  { stage: 'answered', dueStep: 2_000 },
  { stage: 'idle', dueStep: 2_000 },
] as const)('and where nobody waits for it, as before: $stage', ({ stage, dueStep }) => {
  const { closing } = endOf(stage)
  closing.linger()
  closing.watchUnread()
  expect(closing.dueStep).toBe(dueStep)
})

test('what is held waits for a client as long as it reads', () => {
  const { closing, state, done } = endOf('held', 9)
  for (const left of [9, 5, 1]) {
    state.writableLength = left
    closing.onDue()
    expect([closing.dueStep, closing.isBegun]).toEqual([7, false])
  }
  closing.onDue()
  expect([closing.isBegun, done]).toEqual([true, ['drop', 'end', 'resume']])
})

test('an end comes in time, unless its client is still reading', () => {
  const { closing, state, done } = endOf('answered', 5)
  closing.stop()
  closing.onDue()
  expect([closing.dueStep, done]).toEqual([7, ['drop']])
  closing.schedule(0)
  state.writableLength = 3
  closing.onDue()
  expect([closing.dueStep, done]).toEqual([7, ['drop']])
  closing.onDue()
  expect(done).toEqual(['drop', 'destroy'])
  const read = endOf('answered')
  read.closing.stop()
  read.closing.onDue()
  expect(read.done).toEqual(['drop', 'destroy'])
})

test('a Date is that of its second', () => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5, 999) })
  expect(dateNow()).toBe('Fri, 02 Jan 2026 03:04:05 GMT')
  vi.advanceTimersByTime(1)
  expect(dateNow()).toBe('Fri, 02 Jan 2026 03:04:06 GMT')
  vi.advanceTimersByTime(999)
  expect(dateNow()).toBe('Fri, 02 Jan 2026 03:04:06 GMT')
})
