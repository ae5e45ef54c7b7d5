import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from '../../src/observability/logger.ts'
import { RECORD } from '../support/sample-record.ts'

type Line = Readonly<Record<string, unknown>>

/** The lines that were written since they were read last. */
function openOutput(): () => Line[] {
  const read = openText()
  return () =>
    read()
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
}

/** A pipe as this process's standard output; gives what was written since it was read last. */
function openText(): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-output-'))
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const own = process.stdout.fd
  Object.assign(process.stdout, { fd })
  onTestFinished(() => {
    Object.assign(process.stdout, { fd: own })
    closeSync(fd)
    rmSync(folder, { recursive: true })
  })
  const bytes = Buffer.alloc(1_048_576)
  return () => {
    try {
      return bytes.toString('utf8', 0, readSync(fd, bytes))
    } catch {
      return ''
    }
  }
}

function fakeTimers(): void {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout', 'clearInterval', 'clearTimeout'] })
}

test('events are written at once, requests within a quarter of a second', () => {
  fakeTimers()
  const read = openOutput()
  const log = createLogger()
  log.info({}, 'first')
  expect(read().map(({ msg }) => msg)).toEqual(['first'])
  log.request(RECORD)
  expect(read()).toEqual([])
  vi.advanceTimersByTime(250)
  expect(read().map(({ msg }) => msg)).toEqual(['request'])
})

test('what nobody took is told once others are taken again', () => {
  fakeTimers()
  const read = openOutput()
  const log = createLogger()
  const text = 'x'.repeat(4_000)
  for (let count = 0; count < 2_100; count += 1) log.info({ text }, 'long')
  const all: Line[] = []
  for (let more = read(); more.length > 0; more = read()) {
    all.push(...more)
    vi.advanceTimersByTime(250)
  }
  const taken = all.filter(({ msg }) => msg === 'long').length
  expect(taken).toBeGreaterThanOrEqual(2_048)
  expect(all.at(-1)).toMatchObject({
    level: 'warn',
    lines: 2_100 - taken,
    msg: 'lines of the log were lost',
  })
})

test('how many lines of requests a sample leaves out is told', () => {
  fakeTimers()
  const read = openOutput()
  const log = createLogger()
  log.configure?.({ level: null, format: 'json', sample: 0 })
  for (let count = 0; count < 3; count += 1) log.request(RECORD)
  vi.advanceTimersByTime(10_000)
  expect(read()).toMatchObject([{ level: 'info', requests: 3, msg: 'access lines were left out' }])
})

test('lines of requests are in order, and whole, whatever their ids hold', () => {
  fakeTimers()
  const read = openOutput()
  const log = createLogger()
  const ids = ['one', 'a "quoted" one', 'caf\u00e9', 'two', 'three']
  for (const id of ids) log.request({ ...RECORD, id })
  vi.advanceTimersByTime(250)
  expect(read().map(({ id }) => id)).toEqual(ids)
})

test('lines of requests are written in the format that the file asks for, from one to the next', () => {
  fakeTimers()
  const read = openText()
  const log = createLogger()
  for (const format of ['json', 'logfmt', 'json'] as const) {
    log.configure?.({ level: null, format, sample: 1 })
    log.request({ ...RECORD, id: format })
  }
  vi.advanceTimersByTime(250)
  const [first, second, third] = read().split('\n')
  expect([first, third].map((line) => JSON.parse(line as string).id)).toEqual(['json', 'json'])
  expect(second).toContain(' id=logfmt method=POST path=/v1/messages ')
})
