import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CompiledFile } from '../../src/loading/compile-snapshot.ts'
import type { LogFields, Logger } from '../../src/observability/logger.ts'
import { contentHash } from '../../src/reload/content-hash.ts'
import { createFileReloader, type FileReloader } from '../../src/reload/file-reloader.ts'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import type { SnapshotStore } from '../../src/routing/snapshot.ts'
import { sampleConfig, sampleParts, sampleRoute } from './sample-config.ts'

/** What looks when the file has changed; it is called by the tests alone. */
let onChange: (() => void) | null = null

vi.mock('../../src/reload/watch-file.ts', () => ({
  watchFile(_name: string, look: () => void) {
    onChange = look
    return () => {
      onChange = null
    }
  },
}))

// The rest stays Node's: long work asks for turns of the event loop there.
vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  setTimeout: async () => undefined,
}))

let folder = ''
let file = ''
let messages: string[] = []
let reasons: unknown[] = []
let wake = (): void => undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-reloader-'))
  file = join(folder, 'routes.yaml')
  messages = []
  reasons = []
})

afterEach(() => rm(folder, { recursive: true }))

const note = (fields: LogFields, message: string): void => {
  messages.push(message)
  if ('reason' in fields) reasons.push(fields.reason)
  wake()
}
const log = { info: note, warn: note, error: note, debug: note } as unknown as Logger

function compile(text: string, generation: number): CompiledFile {
  const config = sampleConfig({ routes: [sampleRoute(text, { index: 0 })] })
  const snapshot = { generation, text, hash: contentHash(text), config, ...sampleParts }
  return { snapshot, diagnostics: [] }
}

/** What was loaded is `one`; what the file says now may be another thing. */
async function start(now: string): Promise<{ store: SnapshotStore; reloader: FileReloader }> {
  await writeFile(file, now)
  const { snapshot } = compile('one', 1)
  const store = createSnapshotStore(snapshot as NonNullable<typeof snapshot>)
  const reloader = createFileReloader({
    file,
    store,
    compile,
    log,
    print: () => undefined,
    limitBytes: 1_000,
  })
  return { store, reloader }
}

async function told(count: number): Promise<readonly string[]> {
  while (messages.length < count)
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  return messages
}

const live = (store: SnapshotStore): string | undefined => store.current.config.routes[0]?.name

test('what changed while it started is applied when it watches, before any other change', async () => {
  const { store, reloader } = await start('two')
  reloader.watch()
  expect(await told(1)).toEqual(['configuration applied'])
  expect([live(store), store.current.generation]).toEqual(['two', 2])
})

test('what did not change while it started changes nothing', async () => {
  const { store, reloader } = await start('one')
  const stop = reloader.watch()
  expect(await told(1)).toEqual(['configuration unchanged'])
  await writeFile(file, 'two')
  onChange?.()
  expect(await told(2)).toEqual(['configuration unchanged', 'configuration applied'])
  expect([live(store), store.current.generation]).toEqual(['two', 2])
  stop()
  expect(onChange).toBe(null)
})

test('equal content is applied anew where somebody asks for it', async () => {
  const { store, reloader } = await start('one')
  expect(await reloader.reload('change')).toMatchObject({ outcome: 'unchanged', generation: 1 })
  expect(await reloader.reload('request')).toMatchObject({ outcome: 'applied', generation: 2 })
  expect(live(store)).toBe('one')
})

test.each([
  { name: 'gone', leave: () => undefined, reason: 'there is no such file' },
  {
    name: 'a folder',
    leave: () => mkdir(file),
    reason: 'it is no regular file, but a folder, a pipe, a socket or a device',
  },
])('why a file can not be read is told: it is $name', async ({ leave, reason }) => {
  const { store, reloader } = await start('two')
  await rm(file)
  await leave()
  expect(await reloader.reload('change')).toMatchObject({ outcome: 'unreadable', generation: 1 })
  expect([messages, reasons]).toEqual([['configuration unreadable, last good one stays'], [reason]])
  expect(live(store)).toBe('one')
  await rm(file, { recursive: true, force: true })
  await writeFile(file, 'two')
  expect(await reloader.reload('change')).toMatchObject({ outcome: 'applied', error: null })
})
