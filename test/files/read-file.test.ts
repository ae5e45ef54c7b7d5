import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { FileError } from '../../src/files/file-error.ts'
import {
  readStart,
  readStartInTime,
  readWhole,
  readWholeInTime,
} from '../../src/files/read-file.ts'
import { createTemporaryFolder } from '../credentials/temporary-folder.ts'

const real = vi.hoisted(() => ({ hold: null as Promise<void> | null, opened: 0 }))

vi.mock('node:fs/promises', async (original) => {
  const actual = await original<typeof import('node:fs/promises')>()
  const open = async (...args: Parameters<typeof actual.open>): Promise<FileHandle> => {
    real.opened += 1
    await real.hold
    return actual.open(...args)
  }
  return { ...actual, open }
})

const LIMIT = 10

/** What becomes of a path by each of the ways to read it. */
async function outcomes(path: string): Promise<string[]> {
  const word = (read: () => Buffer): string => {
    try {
      return read().toString()
    } catch (error) {
      return error instanceof FileError ? error.problem : String(error)
    }
  }
  const wordLater = (reading: Promise<Buffer>): Promise<string> =>
    reading.then(String, (error: FileError) => error.problem)
  return [
    word(() => readStart(path, LIMIT)),
    await wordLater(readStartInTime(path, LIMIT)),
    word(() => readWhole(path, LIMIT)),
    await wordLater(readWholeInTime(path, LIMIT)),
  ]
}

const four = (text: string): string[] => [text, text, text, text]

const cases: readonly {
  readonly name: string
  readonly make: (path: string) => unknown
  readonly outcome: readonly string[]
}[] = [
  { name: 'a file', make: (path) => writeFileSync(path, 'text'), outcome: four('text') },
  {
    name: 'a file of as many bytes as it may have',
    make: (path) => writeFileSync(path, '0123456789'),
    outcome: four('0123456789'),
  },
  {
    name: 'a file of one byte more',
    make: (path) => writeFileSync(path, '0123456789x'),
    outcome: ['0123456789x', '0123456789x', 'too large', 'too large'],
  },
  {
    name: 'a gigabyte',
    make: (path) => {
      writeFileSync(path, '0123456789')
      truncateSync(path, 1024 ** 3)
    },
    outcome: ['0123456789\0', '0123456789\0', 'too large', 'too large'],
  },
  { name: 'no file', make: () => undefined, outcome: four('missing') },
  { name: 'a link to nothing', make: (p) => symlinkSync('away', p), outcome: four('missing') },
  { name: 'a folder', make: (path) => mkdirSync(path), outcome: four('not a file') },
  {
    name: 'a pipe that nobody writes to',
    make: (path) => execFileSync('mkfifo', [path]),
    outcome: four('not a file'),
  },
  {
    name: 'a link to a device without an end',
    make: (path) => symlinkSync('/dev/zero', path),
    outcome: four('not a file'),
  },
  {
    name: 'a link to a device that is silent',
    make: (path) => symlinkSync('/dev/null', path),
    outcome: four('not a file'),
  },
  {
    name: 'a socket',
    make: (path) =>
      new Promise<void>((resolve) => void createServer().unref().listen(path, resolve)),
    outcome: four('not a file'),
  },
]

it.each(cases)('$name', async ({ make, outcome }) => {
  const path = join(createTemporaryFolder(), 'file')
  await make(path)
  expect(await outcomes(path)).toEqual(outcome)
})

it('reads a file whole whose size says nothing', async () => {
  const path = '/proc/kallsyms'
  const limit = 100_000
  expect(readStart(path, limit)).toHaveLength(limit + 1)
  expect(await readStartInTime(path, limit)).toHaveLength(limit + 1)
})

it('waits no longer than the deadline, and asks a silent disk no second time', async () => {
  const path = join(createTemporaryFolder(), 'file')
  writeFileSync(path, 'text')
  let answer = (): void => undefined
  real.hold = new Promise((resolve) => {
    answer = resolve
  })
  real.opened = 0
  await expect(readStartInTime(path, LIMIT, 1)).rejects.toMatchObject({ problem: 'too slow' })
  await expect(readStartInTime(path, LIMIT, 1)).rejects.toMatchObject({ problem: 'too slow' })
  expect(real.opened).toBe(1)
  answer()
  await vi.waitUntil(() =>
    readStartInTime(path, LIMIT).then(
      (bytes) => bytes.toString() === 'text',
      () => false,
    ),
  )
})
