import { expect, onTestFinished, test, vi } from 'vitest'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { createLogger, type LogLevel } from '../../src/observability/logger.ts'
import { RECORD } from '../support/sample-record.ts'

/** What a line holds. */
const told = {
  id: 'id-1',
  traceId: null,
  method: 'POST',
  path: '/v1/messages',
  route: 'anthropic',
  rule: 'rules[0]',
  upstream: 'provider',
  status: 200,
  origin: 'upstream',
  code: null,
  credentialKind: 'anthropic-api-key',
  client: null,
  durationMs: 812.44,
} as const

const record: ExchangeRecord = { ...RECORD, ...told }

function logged(records: readonly ExchangeRecord[], level: LogLevel = 'info'): string[] {
  const lines: string[] = []
  const log = createLogger({ level, destination: { write: (line) => void lines.push(line) } })
  for (const each of records) log.request(each)
  return lines
}

test('a line has these fields in this order', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 4, 1, 12, 0, 0, 7) })
  expect(logged([record])).toEqual([
    `{"level":"info","time":"2026-05-01T12:00:00.007Z","pid":${process.pid},"id":"id-1","method":"POST","path":"/v1/messages","route":"anthropic","rule":"rules[0]","upstream":"provider","status":200,"origin":"upstream","code":null,"credentialKind":"anthropic-api-key","client":null,"durationMs":812.4,"msg":"request"}\n`,
  ])
})

test('the time of each line is its own', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 4, 1) })
  const times: string[] = []
  const write = (line: string): void => void times.push(JSON.parse(line).time)
  const log = createLogger({ destination: { write } })
  for (const step of [0, 0, 1, 86_400_000]) {
    vi.setSystemTime(Date.now() + step)
    log.request(record)
  }
  expect(times).toEqual([
    '2026-05-01T00:00:00.000Z',
    '2026-05-01T00:00:00.000Z',
    '2026-05-01T00:00:00.001Z',
    '2026-05-02T00:00:00.001Z',
  ])
})

const hostile: { name: string; value: string }[] = [
  { name: 'a quote and what looks like a field', value: '","status":500,"x":"' },
  { name: 'a backslash at the end', value: 'C:\\' },
  { name: 'line breaks', value: 'a\r\n{"level":"fatal"}\n' },
  { name: 'every control character', value: String.fromCharCode(...Array(32).keys(), 127, 133) },
  { name: 'separators that JavaScript takes for line ends', value: 'a\u2028b\u2029' },
  { name: 'no ASCII', value: 'Ü-ключ-鍵-🔑' },
  { name: 'bytes of Latin-1', value: '/caf\u00e9\u0000\u00ff' },
  { name: 'a lone high surrogate', value: 'a\ud83db' },
  { name: 'a lone low surrogate at the end', value: 'a\udd11' },
  { name: 'nothing', value: '' },
  { name: 'long', value: '"é'.repeat(20_000) },
]

test.each(hostile)('one line of JSON whatever a value holds: $name', ({ value }) => {
  const fields = { id: value, method: value, path: value, route: value, rule: value }
  const others = { upstream: value, code: value, credentialKind: value, client: value }
  const [line = '', ...more] = logged([{ ...record, ...fields, ...others }])
  expect(more).toEqual([])
  expect(line.match(/[\n\r]/g)).toEqual(['\n'])
  expect(line.endsWith('\n')).toBe(true)
  expect(Buffer.from(line).toString()).toBe(line)
  const { level, time, pid, ...rest } = JSON.parse(line)
  expect(rest).toEqual({
    ...told,
    traceId: undefined,
    ...fields,
    ...others,
    durationMs: 812.4,
    msg: 'request',
  })
})

test('a request that stands in a trace names it', () => {
  const [line = ''] = logged([{ ...record, traceId: 'a'.repeat(32) }])
  expect(line).toContain(`"id":"id-1","traceId":"${'a'.repeat(32)}","method":"POST"`)
})

test('null where there is none', () => {
  const none = { route: null, rule: null, upstream: null, code: 'no_route', credentialKind: null }
  const [line = ''] = logged([{ ...record, ...none, status: 404, origin: 'keyway' }])
  expect(JSON.parse(line)).toMatchObject({ ...none, status: 404, origin: 'keyway' })
})

test.each([
  { durationMs: 0, text: '0' },
  { durationMs: 0.04, text: '0' },
  { durationMs: 0.05, text: '0.1' },
  { durationMs: 9.96, text: '10' },
  { durationMs: 30, text: '30' },
  { durationMs: 812.44, text: '812.4' },
  { durationMs: 3_600_000.95, text: '3600001' },
  { durationMs: 86_400_000.31, text: '86400000.3' },
])('a duration of $durationMs ms is written $text', ({ durationMs, text }) => {
  expect(logged([{ ...record, durationMs }])[0]).toContain(`,"durationMs":${text},"msg"`)
})

test.each<{ level: LogLevel; lines: number }>([
  { level: 'silent', lines: 0 },
  { level: 'warn', lines: 0 },
  { level: 'info', lines: 1 },
  { level: 'debug', lines: 1 },
])('at level $level: $lines', ({ level, lines }) => {
  expect(logged([record], level)).toHaveLength(lines)
})
