import fs, {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { TrailFile, type TrailNotice } from '../../src/audit/trail-file.ts'
import { verifyFiles } from '../../src/audit/verify-files.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-trail-'))
  path = join(folder, 'audit.jsonl')
})

afterEach(() => rmSync(folder, { recursive: true }))

const event = (id: string): { outcome: string; id: string } => ({ outcome: 'used', id })

function openTrail(): { trail: TrailFile; notices: TrailNotice[] } {
  const notices: TrailNotice[] = []
  return { trail: new TrailFile(path, (notice) => void notices.push(notice)), notices }
}

function write(...ids: string[]): void {
  const { trail } = openTrail()
  trail.append(ids.map(event))
  trail.close()
}

const idsIn = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).id)

const verify = (...files: string[]): ReturnType<typeof verifyFiles> =>
  verifyFiles({ files, after: null, holds: null })

const typesOf = (notices: readonly TrailNotice[]): string[] => notices.map(({ type }) => type)

test('the chain goes on when the file is opened again, and nobody else may read it', async () => {
  write('a', 'b')
  write('c')
  expect(idsIn(path)).toEqual(['a', 'b', 'c'])
  expect(await verify(path)).toMatchObject({ lines: 3, break: null })
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a file that was moved away is followed by a new one', async () => {
  const { trail, notices } = openTrail()
  trail.append([event('a')])
  renameSync(path, `${path}.1`)
  trail.append([event('b')])
  trail.append([event('c')])
  expect([idsIn(`${path}.1`), idsIn(path)]).toEqual([['a'], ['b', 'c']])
  expect(typesOf(notices)).toEqual(['opened', 'moved'])
  expect(await verify(`${path}.1`, path)).toMatchObject({ lines: 3, break: null })
  expect(await verify(path)).toMatchObject({ break: { line: 1, kind: 'removed' } })
  const { hash } = JSON.parse(readFileSync(`${path}.1`, 'utf8'))
  expect(await verifyFiles({ files: [path], after: hash, holds: null })).toMatchObject({
    lines: 2,
    first: 2,
    break: null,
  })
})

/** How much of the last of two lines is left when a process ends in the middle of it. */
const cuts = [1, 4, 5, 40, 180]

test.each(cuts)('a line of which %i bytes were written is mended, and said', async (bytes) => {
  write('a', 'b')
  const [first = '', second = ''] = readFileSync(path, 'utf8').split('\n')
  truncateSync(path, Buffer.byteLength(first) + 1 + bytes)
  const { trail, notices } = openTrail()
  trail.append([event('c')])
  expect(typesOf(notices)).toEqual(['mended', 'opened'])
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { n: 1, id: 'a' },
    { n: 2, outcome: 'mended', torn: second.slice(0, bytes) },
    { n: 3, id: 'c' },
  ])
  expect(await verify(path)).toMatchObject({ lines: 3, break: null })
})

test('zeros that a file system left behind are mended too', async () => {
  write('a')
  appendFileSync(path, Buffer.alloc(50))
  write('b')
  expect(idsIn(path)).toEqual(['a', undefined, 'b'])
  expect(await verify(path)).toMatchObject({ lines: 3, break: null })
})

test('the very first line, broken off', async () => {
  write('a')
  truncateSync(path, 10)
  write('b')
  expect(idsIn(path)).toEqual([undefined, 'b'])
  expect(await verify(path)).toMatchObject({ lines: 2, break: null })
})

test.each([
  { name: 'a text', content: 'hello\n' },
  { name: 'a text without a line end', content: 'hello' },
  { name: 'JSON that is no trail', content: '{"n":1}\n' },
  { name: 'a trail with a text behind', content: null },
  { name: 'a very long line', content: `{"n":1,${'x'.repeat(100_000)}` },
])('what is no trail stays as it is: $name', ({ content }) => {
  if (content === null) {
    write('a')
    appendFileSync(path, 'hello')
  } else writeFileSync(path, content)
  const before = readFileSync(path, 'utf8')
  expect(() => openTrail().trail.append([event('b')])).toThrow()
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test('a folder, and one that is missing', () => {
  mkdirSync(path)
  expect(() => openTrail().trail.append([event('a')])).toThrow()
  rmdirSync(path)
  const nowhere = new TrailFile(join(folder, 'no', 'audit.jsonl'), () => {})
  expect(() => nowhere.append([event('a')])).toThrow()
})

test('an edited last line is told, and stays to be found', async () => {
  write('a', 'b')
  writeFileSync(path, readFileSync(path, 'utf8').replace('"b"', '"x"'))
  const { trail, notices } = openTrail()
  trail.append([event('c')])
  expect(typesOf(notices)).toEqual(['edited', 'opened'])
  expect(await verify(path)).toMatchObject({ lines: 1, break: { line: 2, kind: 'edited' } })
})

test('lines that are cut off while it is open are missed by the next', async () => {
  const { trail, notices } = openTrail()
  trail.append([event('a'), event('b')])
  truncateSync(path, readFileSync(path).indexOf(10) + 1)
  trail.append([event('c')])
  expect(typesOf(notices)).toEqual(['opened', 'disturbed'])
  expect(await verify(path)).toMatchObject({ lines: 1, break: { line: 2, kind: 'removed' } })
})

test('it goes on where it stood once it can be written again', async () => {
  const { trail } = openTrail()
  trail.append([event('a')])
  renameSync(path, `${path}.1`)
  mkdirSync(path)
  expect(() => trail.append([event('lost')])).toThrow()
  rmdirSync(path)
  trail.append([event('b')])
  expect(idsIn(path)).toEqual(['b'])
  expect(await verify(`${path}.1`, path)).toMatchObject({ lines: 2, break: null })
})

test('what a full disk took of a line is taken away before the next is written', async () => {
  const { trail, notices } = openTrail()
  trail.append([event('a')])
  const { writeSync } = fs
  const full = vi.spyOn(fs, 'writeSync')
  full.mockImplementationOnce((fd, bytes) => writeSync(fd, bytes as unknown as Buffer, 0, 10))
  full.mockImplementationOnce(() => {
    throw new Error('full')
  })
  syncBuiltinESMExports()
  onTestFinished(() => {
    full.mockRestore()
    syncBuiltinESMExports()
  })
  expect(() => trail.append([event('b')])).toThrow('full')
  trail.append([event('c')])
  trail.close()
  expect(idsIn(path)).toEqual(['a', 'c'])
  expect(await verify(path)).toMatchObject({ lines: 2, break: null })
  expect(typesOf(notices)).toEqual(['opened'])
})

test('a line of more than a MiB is none of a trail, and nothing behind it is read', async () => {
  write('a')
  const line = readFileSync(path, 'utf8')
  writeFileSync(path, `${line}${'x'.repeat(1_200_000)}\n${line}`)
  expect(await verify(path)).toMatchObject({
    lines: 1,
    break: { line: 2, kind: 'torn', reason: 'the line is broken off' },
  })
})
