import { expect, onTestFinished, test, vi } from 'vitest'
import type { ExchangeRecord } from '../../src/observability/exchange-record.ts'
import { createLogger, type LogFormat, type LoggerOptions } from '../../src/observability/logger.ts'
import { RECORD } from '../support/sample-record.ts'

const record: ExchangeRecord = {
  ...RECORD,
  route: 'anthropic',
  rule: 'rules[0]',
  upstream: 'provider',
  credentialKind: 'anthropic-api-key',
  client: null,
  durationMs: 812.44,
}

type Write = (log: ReturnType<typeof createLogger>) => void

function written(options: LoggerOptions, format: LogFormat | null, write: Write): string {
  const lines: string[] = []
  const log = createLogger({ ...options, destination: { write: (line) => void lines.push(line) } })
  log.configure?.({ level: null, format, sample: 1 })
  write(log)
  return lines
    .join('')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'CLOCK')
    .replaceAll(`pid=${process.pid}`, 'pid=PID')
    .replaceAll(`"pid":${process.pid}`, '"pid":PID')
}

const asked: Write = (log) => log.request(record)
const failed: Write = (log) =>
  log.warn(
    { route: 'a b', next: null, failure: { type: 'Error', frames: ['f (a.js:1:2)'] } },
    'it failed',
  )

test.each<{
  name: string
  format: LogFormat | null
  terminal: NonNullable<LoggerOptions['terminal']>
  write: Write
  text: string
}>([
  {
    name: 'an event as logfmt',
    format: 'logfmt',
    terminal: 'none',
    write: failed,
    text: 'level=warn time=TIME pid=PID route="a b" failure.type=Error failure.frames="f (a.js:1:2)" msg="it failed"\n',
  },
  {
    name: 'a request as logfmt',
    format: 'logfmt',
    terminal: 'none',
    write: asked,
    text: 'level=info time=TIME pid=PID id=id-1 method=POST path=/v1/messages route=anthropic rule=rules[0] upstream=provider status=200 origin=upstream credentialKind=anthropic-api-key durationMs=812.4 msg=request\n',
  },
  {
    name: 'an event for people',
    format: 'pretty',
    terminal: 'none',
    write: failed,
    text: 'CLOCK WARN  it failed route="a b" failure.type=Error failure.frames="f (a.js:1:2)"\n',
  },
  {
    name: 'a request for people',
    format: 'pretty',
    terminal: 'none',
    write: asked,
    text: 'CLOCK INFO  POST /v1/messages 200 id=id-1 route=anthropic rule=rules[0] upstream=provider origin=upstream credentialKind=anthropic-api-key durationMs=812.4\n',
  },
  {
    name: 'pretty by itself on a terminal, in its colours',
    format: null,
    terminal: 'coloured',
    write: (log) => log.error({ code: 'x' }, 'it failed'),
    text: '\x1b[2mCLOCK\x1b[0m \x1b[31mERROR\x1b[0m it failed code=x\n',
  },
  {
    name: 'and without where they are not wanted',
    format: null,
    terminal: 'plain',
    write: (log) => log.error({ code: 'x' }, 'it failed'),
    text: 'CLOCK ERROR it failed code=x\n',
  },
  {
    name: 'JSON elsewhere',
    format: null,
    terminal: 'none',
    write: (log) => log.error({ code: 'x' }, 'it failed'),
    text: '{"level":"error","time":"TIME","pid":PID,"code":"x","msg":"it failed"}\n',
  },
  {
    name: 'JSON on a terminal where it is asked for',
    format: 'json',
    terminal: 'coloured',
    write: (log) => log.error({}, 'it failed'),
    text: '{"level":"error","time":"TIME","pid":PID,"msg":"it failed"}\n',
  },
])('$name', ({ format, terminal, write, text }) => {
  expect(written({ terminal }, format, write)).toBe(text)
})

/** Whatever ends a line, moves a cursor, colours, or turns the reading direction. */
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

test.each<LogFormat>(['logfmt', 'pretty'])('%s: what a client sent stays one value', (format) => {
  const all = String.fromCharCode(...Array(160).keys(), 0x2028, 0x2029, 0x202e, 0x2066, 0x200f)
  const hostile = `${all} level=fatal msg="forged"`
  const fields = { id: hostile, method: hostile, path: hostile, client: hostile }
  const text = written({}, format, (log) => {
    log.request({ ...record, ...fields })
    log.warn({ id: hostile }, 'it failed')
  })
  const lines = text.split('\n')
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(line).not.toMatch(ACTIVE)
  expect(lines[0]).not.toMatch(/ level=fatal msg="forged"/)
  expect(lines[1]).not.toMatch(/ msg="forged"/)
})

test.each<{ name: string; value: unknown; text: string }>([
  { name: 'a control is written as its number', value: 'a\u0085b', text: '"a\\u0085b"' },
  { name: 'a mark of direction too', value: 'a\u202eb', text: '"a\\u202eb"' },
  { name: 'a list is one value', value: ['a', 'b'], text: '"a, b"' },
  { name: 'an empty list', value: [], text: '""' },
])('logfmt: $name', ({ value, text }) => {
  expect(written({}, 'logfmt', (log) => log.info({ value }, 'x'))).toBe(
    `level=info time=TIME pid=PID value=${text} msg=x\n`,
  )
})

test('an object of nothing but nothing leaves no gap', () => {
  const write: Write = (log) => log.info({ a: 1, none: { b: null }, c: 2 }, 'x')
  expect(written({}, 'logfmt', write)).toBe('level=info time=TIME pid=PID a=1 c=2 msg=x\n')
})

test('the time of day is told to the millisecond, each part in full', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 4, 1, 3, 4, 5, 7) })
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  createLogger({ terminal: 'plain', destination }).info({}, 'x')
  expect(lines).toEqual(['03:04:05.007 INFO  x\n'])
})

test('a level that the file names is heard from then on, and the first one again without it', () => {
  const text = written({ level: 'info' }, null, (log) => {
    log.configure?.({ level: 'error', format: 'pretty', sample: 1 })
    log.warn({}, 'unheard')
    log.request(record)
    log.configure?.({ level: 'debug', format: 'pretty', sample: 1 })
    log.debug({}, 'heard')
    log.configure?.({ level: null, format: 'pretty', sample: 1 })
    log.debug({}, 'unheard')
    log.info({}, 'heard')
  })
  expect(text).toBe('CLOCK DEBUG heard\nCLOCK INFO  heard\n')
})
