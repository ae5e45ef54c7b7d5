import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import type { CompiledFile } from '../../src/loading/compile-snapshot.ts'
import { contentHash } from '../../src/reload/content-hash.ts'
import { createReload } from '../../src/reload/reload.ts'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import { sampleConfig, sampleParts, sampleRoute, sampleServer } from './sample-config.ts'

const error: Diagnostic = {
  file: 'routes.yaml',
  line: 1,
  column: 1,
  length: 1,
  code: 'unknown-key',
  severity: 'error',
  path: '',
  message: 'bad',
}

/** A file of route names, one a word, before which a colon and a port may stand; `bad` is refused, `crash` throws. */
function compile(text: string, generation: number): CompiledFile {
  if (text === 'crash') throw new Error('a defect')
  if (text === 'bad') return { snapshot: null, diagnostics: [error] }
  const [, port = '0', names = ''] = /^(?::(\d+) )?(.*)$/.exec(text) ?? []
  const routes = names.split(' ').map((name, index) => sampleRoute(name, { index }))
  const address = { host: '127.0.0.1', port: Number(port) }
  const config = sampleConfig({ routes, server: sampleServer({ listen: { address, tls: null } }) })
  return {
    snapshot: { generation, hash: contentHash(text), text, config, ...sampleParts },
    diagnostics: [],
  }
}

function setUp(first: string): { write: (text: string | null) => void } & ReturnType<typeof start> {
  let content: string | null = first
  const write = (text: string | null): void => {
    content = text
  }
  return { write, ...start(first, () => content) }
}

function start(
  first: string,
  read: () => string | null,
): { store: ReturnType<typeof createSnapshotStore>; reload: ReturnType<typeof createReload> } {
  const { snapshot } = compile(first, 1)
  if (snapshot === null) throw new Error('the first file is good')
  const store = createSnapshotStore(snapshot)
  const reload = createReload({
    store,
    compile,
    read: () => Promise.resolve(read()),
  })
  return { store, reload }
}

test('a changed file is live after one swap', async () => {
  const { store, reload, write } = setUp('a b')
  write('b c')
  expect(await reload('change')).toEqual({
    outcome: 'applied',
    generation: 2,
    diagnostics: [],
    changes: ['route "a" removed', 'route "c" added'],
    needsRestart: [],
    error: null,
  })
  expect(store.current.hash).toBe(contentHash('b c'))
})

test('what needs a restart is told until it is as at the start again', async () => {
  const { reload, write } = setUp(':1 a')
  const told: (readonly string[])[] = []
  for (const text of [':2 a', ':2 b', ':1 b']) {
    write(text)
    told.push((await reload('change')).needsRestart)
  }
  expect(told).toEqual([['server.listen'], ['server.listen'], []])
})

test('equal content does nothing, unless it is asked for', async () => {
  const { reload } = setUp('a')
  expect(await reload('change')).toMatchObject({ outcome: 'unchanged', generation: 1 })
  expect(await reload('request')).toMatchObject({
    outcome: 'applied',
    generation: 2,
    changes: [],
  })
})

test('after a bad file the last good one stays, and is told of once', async () => {
  const { store, reload, write } = setUp('a')
  const good = store.current
  write('bad')
  expect(await reload('change')).toMatchObject({ outcome: 'refused', diagnostics: [error] })
  expect(await reload('change')).toMatchObject({ outcome: 'unchanged' })
  expect(store.current).toBe(good)
  write('a')
  expect(await reload('change')).toMatchObject({ outcome: 'restored', generation: 1 })
  write('b')
  expect(await reload('change')).toMatchObject({ outcome: 'applied', generation: 2 })
})

test.each([
  { name: 'missing', content: null, outcome: 'unreadable' },
  { name: 'not to be compiled, by a defect of ours', content: 'crash', outcome: 'failed' },
])('a file that is $name keeps the last good one', async ({ content, outcome }) => {
  const { store, reload, write } = setUp('a')
  const good = store.current
  write(content)
  expect(await reload('change')).toMatchObject({ outcome, generation: 1 })
  expect(store.current).toBe(good)
})

test('nothing is live here before all others agree to it', async () => {
  const { snapshot } = compile('a', 1)
  const store = createSnapshotStore(snapshot as NonNullable<typeof snapshot>)
  let agree: (() => void) | null = null
  const asked: unknown[] = []
  const reload = createReload({
    store,
    compile,
    read: async () => 'b',
    agree: (...text) => {
      asked.push(text)
      return new Promise((resolve) => {
        agree = resolve
      })
    },
  })
  const done = reload('change')
  while (agree === null) await new Promise(setImmediate)
  expect([asked, store.current.generation]).toEqual([[['b', 2]], 1])
  ;(agree as () => void)()
  expect(await done).toMatchObject({ outcome: 'applied', generation: 2 })
  expect(store.current.generation).toBe(2)
})

test('where one of them refuses, the last good one stays here too', async () => {
  const { snapshot } = compile('a', 1)
  const store = createSnapshotStore(snapshot as NonNullable<typeof snapshot>)
  const refusal = new Error('a worker can not compile it')
  const reload = createReload({
    store,
    compile,
    read: async () => 'b',
    agree: () => Promise.reject(refusal),
  })
  expect(await reload('request')).toMatchObject({
    outcome: 'failed',
    generation: 1,
    error: refusal,
  })
  expect(store.current.config.routes.map(({ name }) => name)).toEqual(['a'])
})
