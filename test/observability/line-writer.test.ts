import { execFileSync } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { LineWriter, type PlacedLine } from '../../src/observability/line-writer.ts'

/** A pipe that nobody reads from but the test. */
function openPipe(): { fd: number; read: () => Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-lines-'))
  const path = join(folder, 'pipe')
  execFileSync('mkfifo', [path])
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  onTestFinished(() => {
    closeSync(fd)
    rmSync(folder, { recursive: true })
  })
  const bytes = Buffer.alloc(1_048_576)
  const read = (): Buffer => {
    try {
      return Buffer.from(bytes.subarray(0, readSync(fd, bytes)))
    } catch {
      return Buffer.of()
    }
  }
  return { fd, read }
}

function open(): ReturnType<typeof openPipe> & { writer: LineWriter; lost: number[] } {
  const pipe = openPipe()
  const lost: number[] = []
  const writer = new LineWriter({ fd: pipe.fd, onLost: (lines) => void lost.push(lines) })
  return { ...pipe, writer, lost }
}

const line = (index: number): string => `${String(index).padStart(99, '0')}\n`

const numbers = (bytes: Buffer): number[] => bytes.toString().split('\n').slice(0, -1).map(Number)

const count = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)

const placed = (text: string, mostBytes = text.length): PlacedLine => ({
  mostBytes,
  put: (into, start) => start + into.write(text, start),
})

test('a line that writes itself stands among the others, where there is room for it', () => {
  const { writer, read } = open()
  writer.write(line(0))
  expect(writer.place(placed(line(1)))).toBe(true)
  writer.write(line(2))
  expect(writer.place({ mostBytes: 10, put: () => -1 })).toBe(false)
  expect(writer.place(placed(line(3), 4_096))).toBe(false)
  for (const index of count(3, 40)) expect(writer.place(placed(line(index)))).toBe(true)
  expect(writer.place(placed(line(40)))).toBe(false)
  expect(numbers(read())).toEqual([])
  writer.flush()
  expect(numbers(read())).toEqual(count(0, 40))
})

test('lines are gathered until they fill what a pipe takes whole', () => {
  const { writer, read } = open()
  for (const index of count(0, 40)) writer.write(line(index))
  expect(numbers(read())).toEqual([])
  writer.write(line(40))
  expect(numbers(read())).toEqual(count(0, 40))
  writer.flush()
  expect(numbers(read())).toEqual([40])
})

test('what a pipe takes whole is counted in bytes, whatever they spell', () => {
  const { writer, read } = open()
  const wide = `${'é'.repeat(49)}\n`
  for (const _ of count(0, 41)) writer.write(wide)
  expect(read()).toHaveLength(0)
  writer.write(wide)
  expect(read().toString()).toBe(wide.repeat(41))
  writer.write(line(7))
  writer.flush()
  expect(read().toString()).toBe(wide + line(7))
})

test('lines behind one that is longer than the pipe come behind it', () => {
  const { writer, read } = open()
  const long = `${'x'.repeat(5_000)}\n`
  for (const each of [line(1), long, line(2)]) writer.write(each)
  expect(read().toString()).toBe(line(1) + long)
  writer.flush()
  expect(read().toString()).toBe(line(2))
})

test('a file is written in larger parts, which no reader waits for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-lines-'))
  const file = join(folder, 'log')
  const fd = openSync(file, 'w')
  onTestFinished(() => {
    closeSync(fd)
    rmSync(folder, { recursive: true })
  })
  const writer = new LineWriter({ fd, onLost: () => {} })
  for (const index of count(0, 655)) writer.write(line(index))
  expect(readFileSync(file, 'utf8')).toBe('')
  writer.write(line(655))
  expect(numbers(readFileSync(file))).toEqual(count(0, 655))
  writer.flush()
  expect(numbers(readFileSync(file))).toEqual(count(0, 656))
})

test('a line longer than the pipe is written in parts', () => {
  const { writer, read } = open()
  const long = `${'é'.repeat(100_000)}\n`
  for (const each of ['a\n', long, 'b\n']) writer.write(each)
  const parts: Buffer[] = []
  for (let more = read(); more.length > 0; more = read()) {
    parts.push(more)
    writer.flush()
  }
  expect(Buffer.concat(parts).toString()).toBe(`a\n${long}b\n`)
})

test('a reader that stops for a while loses nothing and cuts no line', () => {
  const { writer, read, lost } = open()
  // Five times what the pipe holds.
  for (const index of count(0, 3_300)) writer.write(line(index))
  const all: number[] = []
  for (let more = read(); more.length > 0; more = read()) {
    expect(more.at(-1)).toBe(0x0a)
    all.push(...numbers(more))
    writer.flush()
  }
  expect(all).toEqual(count(0, 3_300))
  expect(lost).toEqual([])
})

test('what does not fit a bounded memory is dropped, and told once others are taken', () => {
  const { writer, read, lost } = open()
  const written = 100_000
  for (const index of count(0, written)) writer.write(line(index))
  writer.flush()
  expect(lost).toEqual([])
  const kept: number[] = []
  for (let more = read(); more.length > 0; more = read()) {
    kept.push(...numbers(more))
    writer.flush()
  }
  expect(kept).toEqual(count(0, kept.length))
  // Those in the pipe, and 8 MiB of chunks.
  expect(kept.length).toBeGreaterThanOrEqual(2_048 * 40)
  expect(kept.length).toBeLessThan(written)
  expect(lost).toEqual([written - kept.length])
  writer.write(line(7))
  writer.flush()
  expect(numbers(read())).toEqual([7])
  expect(lost).toHaveLength(1)
})

test('where nothing can be written, lines are lost and nothing throws', () => {
  const fd = openSync('/dev/null', 'r')
  onTestFinished(() => closeSync(fd))
  const lost: number[] = []
  const writer = new LineWriter({ fd, onLost: (lines) => void lost.push(lines) })
  for (const index of count(0, 3)) writer.write(line(index))
  writer.flush()
  expect(lost).toEqual([3])
  writer.writeNow(line(3))
  expect(lost).toEqual([3, 1])
})

test('a reader that comes back gets all that a pipe takes at once', () => {
  const { writer, read } = open()
  for (const index of count(0, 3_300)) writer.write(line(index))
  const first = numbers(read())
  writer.flush()
  const second = numbers(read())
  expect(second.length).toBeGreaterThan(2 * 41)
  const rest: number[] = []
  for (let more = numbers(read()); more.length > 0 || rest.length === 0; more = numbers(read())) {
    rest.push(...more)
    writer.flush()
  }
  expect([...first, ...second, ...rest]).toEqual(count(0, 3_300))
})

test('a line that goes at once waits for no reader, and comes behind those before it', () => {
  const { writer, read } = open()
  for (const index of count(0, 3_300)) writer.write(line(index))
  writer.writeNow(line(3_300))
  writer.write(line(3_301))
  const all: number[] = []
  for (let more = read(); more.length > 0; more = read()) {
    all.push(...numbers(more))
    writer.flush()
  }
  expect(all).toEqual(count(0, 3_302))
})

test('the line that tells of lost lines may be lost itself', () => {
  const fd = openSync('/dev/null', 'r')
  onTestFinished(() => closeSync(fd))
  const lost: number[] = []
  const onLost = (lines: number): void => {
    lost.push(lines)
    writer.writeNow(line(0))
  }
  const writer = new LineWriter({ fd, onLost })
  writer.writeNow(line(1))
  writer.flush()
  expect(lost).toEqual([1])
})

test('lines that fill no chunk are written after a quarter of a second', () => {
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { writer, read } = open()
  writer.write(line(0))
  vi.advanceTimersByTime(249)
  expect(numbers(read())).toEqual([])
  vi.advanceTimersByTime(1)
  expect(numbers(read())).toEqual([0])
  writer.write(line(1))
  vi.advanceTimersByTime(250)
  expect(numbers(read())).toEqual([1])
})

/** What is done when the process ends. */
function endProcess(): void {
  const ends = process.listeners('exit').filter(({ name }) => name === 'endAll')
  for (const end of ends) end(0)
}

test('a process that ends writes what is left', () => {
  const writers = Array.from({ length: 11 }, open)
  for (const [index, { writer }] of writers.entries()) writer.write(line(index))
  endProcess()
  expect(writers.map(({ read }) => numbers(read()))).toEqual(count(0, 11).map((index) => [index]))
})

test('a process with many logs ends them all by one listener', () => {
  open()
  const before = process.listenerCount('exit')
  open()
  expect(process.listenerCount('exit')).toBe(before)
})

test('it waits for a slow reader, a second and no longer', () => {
  const { writer, read } = open()
  const now = vi.spyOn(Date, 'now').mockReturnValue(0)
  const wait = vi.spyOn(Atomics, 'wait')
  onTestFinished(() => {
    now.mockRestore()
    wait.mockRestore()
  })
  let waits = 0
  const all: number[] = []
  wait.mockImplementation(() => {
    waits += 1
    now.mockReturnValue(waits * 10)
    // Not before half the time is over, and then a part of it.
    if (waits === 50) all.push(...numbers(read()))
    return 'timed-out'
  })
  for (const index of count(0, 3_300)) writer.write(line(index))
  writer.end()
  expect(waits).toBe(100)
  for (let more = read(); more.length > 0; more = read()) {
    all.push(...numbers(more))
    writer.end()
  }
  expect(all).toEqual(count(0, 3_300))
})

test('an empty log writes nothing', () => {
  const { writer, read, lost } = open()
  writer.flush()
  expect(read()).toHaveLength(0)
  expect(lost).toEqual([])
})
