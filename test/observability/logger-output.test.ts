import { execFileSync } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createLogger } from '../../src/observability/logger.ts'
import { RECORD } from '../support/sample-record.ts'

type Line = Readonly<Record<string, unknown>>

/** A pipe as this process's standard output; gives the lines that were written since it was read last. */
function openOutput(): () => Line[] {
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
      const text = bytes.toString('utf8', 0, readSync(fd, bytes))
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]))
    } catch {
      return []
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
