import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createFreshFile, type FileContent } from '../../src/credentials/secrets/fresh-file.ts'
import { createTemporaryFolder, mountVersion } from './temporary-folder.ts'

const HOUR_AGO = new Date(Date.now() - 3_600_000)

function open(path: string): { read: () => FileContent; parses: () => number } {
  let count = 0
  const { read } = createFreshFile(path, (content) => {
    count++
    return content
  })
  return { read, parses: () => count }
}

it('sees a write in place, even of the same length at once', () => {
  const path = join(createTemporaryFolder(), 'key')
  const file = open(path)
  for (let round = 0; round < 50; round++) {
    const text = `FAKE-${round % 10}`
    writeFileSync(path, text)
    expect(file.read()).toEqual({ text, problem: null })
  }
})

it('sees a write in place that keeps size and modification time', () => {
  const path = join(createTemporaryFolder(), 'key')
  const file = open(path)
  writeFileSync(path, 'FAKE-A')
  utimesSync(path, HOUR_AGO, HOUR_AGO)
  expect(file.read().text).toBe('FAKE-A')
  writeFileSync(path, 'FAKE-B')
  utimesSync(path, HOUR_AGO, HOUR_AGO)
  expect(file.read().text).toBe('FAKE-B')
})

it('sees a rename over it', () => {
  const folder = createTemporaryFolder()
  const path = join(folder, 'key')
  const file = open(path)
  writeFileSync(path, 'FAKE-A')
  expect(file.read().text).toBe('FAKE-A')
  writeFileSync(join(folder, 'new'), 'FAKE-B')
  renameSync(join(folder, 'new'), path)
  expect(file.read().text).toBe('FAKE-B')
})

it('survives swaps of the ..data link', () => {
  const folder = createTemporaryFolder()
  const file = open(join(folder, 'key'))
  for (const version of ['FAKE-1', 'FAKE-2', 'FAKE-3']) {
    mountVersion(folder, version, { key: version })
    expect(file.read().text).toBe(version)
  }
})

it('goes and comes back', () => {
  const path = join(createTemporaryFolder(), 'key')
  const file = open(path)
  expect(file.read()).toEqual({ text: null, problem: 'missing' })
  writeFileSync(path, 'FAKE')
  expect(file.read()).toEqual({ text: 'FAKE', problem: null })
  rmSync(path)
  expect(file.read()).toEqual({ text: null, problem: 'missing' })
  writeFileSync(path, 'FAKE')
  expect(file.read()).toEqual({ text: 'FAKE', problem: null })
})

it.each([
  { name: 'emptied just now', text: '', laterMs: 0, read: 'FAKE-A' },
  { name: 'with a line break in it so far', text: ' \n', laterMs: 999, read: 'FAKE-A' },
  { name: 'that stays empty for a second', text: '', laterMs: 1_000, read: '' },
  { name: 'emptied by a clock that is ahead', text: '', laterMs: -1_000, read: '' },
])('a file $name holds "$read"', ({ text, laterMs, read }) => {
  const path = join(createTemporaryFolder(), 'key')
  const file = open(path)
  writeFileSync(path, 'FAKE-A')
  file.read()
  writeFileSync(path, text)
  const seconds = Math.floor(statSync(path).mtimeMs / 1_000)
  const emptied = 1_000 * seconds
  utimesSync(path, seconds, seconds)
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date'], now: emptied + laterMs })
  expect([file.read().text, file.read().text]).toEqual([read, read])
  writeFileSync(path, 'FAKE-B')
  expect(file.read().text).toBe('FAKE-B')
})

it('what was held before a file went is not held when it comes back empty', () => {
  const path = join(createTemporaryFolder(), 'key')
  const file = open(path)
  writeFileSync(path, 'FAKE')
  file.read()
  rmSync(path)
  file.read()
  writeFileSync(path, '')
  expect(file.read()).toEqual({ text: '', problem: null })
})

it('parses once where nothing changed for long', () => {
  const path = join(createTemporaryFolder(), 'key')
  writeFileSync(path, 'FAKE')
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3000 })
  const file = open(path)
  for (let i = 0; i < 10; i++) file.read()
  expect(file.parses()).toBe(1)
})

it.each([
  { name: 'in place, with size and modification time as they were', text: 'FAKE-B', at: HOUR_AGO },
  { name: 'in place, longer', text: 'FAKE-BB', at: HOUR_AGO },
  { name: 'in place, with another modification time', text: 'FAKE-B', at: new Date(0) },
])('sees a write long after the last: $name', ({ text, at }) => {
  const path = join(createTemporaryFolder(), 'key')
  writeFileSync(path, 'FAKE-A')
  utimesSync(path, HOUR_AGO, HOUR_AGO)
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3000 })
  const file = open(path)
  expect([file.read().text, file.read().text, file.parses()]).toEqual(['FAKE-A', 'FAKE-A', 1])
  // A clock of the disk may be as coarse as a few milliseconds.
  const { ctimeMs } = statSync(path)
  do {
    writeFileSync(path, text)
    utimesSync(path, at, at)
  } while (statSync(path).ctimeMs === ctimeMs)
  expect(file.read().text).toBe(text)
})

it.each([
  { name: 'just before', laterMs: 0, parses: 2 },
  { name: 'two seconds before, as far as some disks tell times', laterMs: 2_000, parses: 2 },
  { name: 'longer before', laterMs: 2_002, parses: 1 },
])('a file that changed $name it was read is read $parses times', ({ laterMs, parses }) => {
  const path = join(createTemporaryFolder(), 'key')
  writeFileSync(path, 'FAKE')
  onTestFinished(() => void vi.useRealTimers())
  vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(statSync(path).ctimeMs) + laterMs })
  const file = open(path)
  file.read()
  file.read()
  expect(file.parses()).toBe(parses)
})

it('does not open what is no file, as a FIFO would block', () => {
  const folder = createTemporaryFolder()
  mkdirSync(join(folder, 'folder'))
  execFileSync('mkfifo', [join(folder, 'fifo')])
  expect(open(join(folder, 'folder')).read().problem).toBe('not a file')
  expect(open(join(folder, 'fifo')).read().problem).toBe('not a file')
})

it('refuses a large file', () => {
  const path = join(createTemporaryFolder(), 'key')
  writeFileSync(path, '')
  truncateSync(path, 64 * 1024 + 1)
  expect(open(path).read().problem).toBe('too large')
})

it('reads a file of 64 KiB', () => {
  const path = join(createTemporaryFolder(), 'key')
  writeFileSync(path, 'x'.repeat(64 * 1024))
  expect(open(path).read().text?.length).toBe(64 * 1024)
})

it.skipIf(process.getuid?.() === 0)('tells a file that it may not read', () => {
  const path = join(createTemporaryFolder(), 'key')
  writeFileSync(path, 'FAKE')
  chmodSync(path, 0)
  expect(open(path).read().problem).toBe('unreadable')
})

it('tells a path through a file', () => {
  const path = join(createTemporaryFolder(), 'key')
  writeFileSync(path, 'FAKE')
  expect(open(join(path, 'below')).read().problem).toBe('missing')
})
