import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readStable } from '../../src/reload/read-stable.ts'

/** What happens during each pause between two reads, in turn; the last one again and again. */
let pauses: readonly (() => Promise<void>)[] = []
let waitedMs = 0
let paused = 0

vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  async setTimeout(ms: number) {
    waitedMs += ms
    await pauses[Math.min(paused, pauses.length - 1)]?.()
    paused += 1
  },
}))

let folder = ''
let file = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-read-'))
  file = join(folder, 'routes.yaml')
  waitedMs = 0
  paused = 0
})

afterEach(() => rm(folder, { recursive: true }))

const write = (content: string) => () => writeFile(file, content)
const remove = () => rm(file)
const nothing = async () => undefined

const cases: readonly {
  name: string
  first: string | null
  pauses: readonly (() => Promise<void>)[]
  content: string | null
  waitedMs: number
}[] = [
  { name: 'a file at rest', first: 'whole', pauses: [nothing], content: 'whole', waitedMs: 100 },
  {
    name: 'a file that a writer is at',
    first: 'half ',
    pauses: [write('half who'), write('half whole'), nothing],
    content: 'half whole',
    waitedMs: 300,
  },
  {
    name: 'a file that is emptied first',
    first: '',
    pauses: [nothing, write('whole'), nothing],
    content: 'whole',
    waitedMs: 300,
  },
  {
    name: 'a file that is gone for a moment',
    first: 'old',
    pauses: [remove, nothing, write('new'), nothing],
    content: 'new',
    waitedMs: 400,
  },
  { name: 'a file that stays empty', first: '', pauses: [nothing], content: '', waitedMs: 1_000 },
  {
    name: 'a file that stays away',
    first: null,
    pauses: [nothing],
    content: null,
    waitedMs: 1_000,
  },
]

test.each(cases)('$name is $content after $waitedMs ms', async (one) => {
  if (one.first !== null) await writeFile(file, one.first)
  pauses = one.pauses
  const bytes = await readStable(file)
  expect(bytes?.toString() ?? null).toBe(one.content)
  expect(waitedMs).toBe(one.waitedMs)
})

test('a writer that never pauses is waited for ten seconds', async () => {
  let written = 0
  await writeFile(file, '0')
  pauses = [() => writeFile(file, String(++written))]
  expect((await readStable(file))?.toString()).toBe('100')
  expect(waitedMs).toBe(10_000)
})
