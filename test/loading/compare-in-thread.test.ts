import { once } from 'node:events'
import { setPriority } from 'node:os'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compareInThread } from '../../src/loading/compare-in-thread.ts'
import { cutResult } from '../../src/loading/pieces.ts'

vi.mock('node:os', async (original) => ({
  ...(await original<typeof import('node:os')>()),
  setPriority: vi.fn(),
}))

const { port1: asking, port2: answering } = new MessageChannel()
afterEach(() => asking.close())

/** A file of more routes than one piece holds, the last of which leads elsewhere. */
function piecesOf(last: string): ReturnType<typeof cutResult> {
  const routes = Array.from({ length: 300 }, (_, index) => {
    const upstream = index === 299 ? last : 'up'
    return `  - { name: r${index}, match: { path: /r${index}/* }, upstream: ${upstream} }\n`
  })
  const text = `version: 1
upstreams: { up: https://a.example.com, other: https://b.example.com }
routes:
${routes.join('')}`
  return cutResult(loadConfig({ file: 'r.yaml', text }, { catalogue: loadCatalogue(), env: {} }))
}

test('two files that come in pieces are compared, also where a sandbox lets nobody step back', async () => {
  vi.mocked(setPriority).mockImplementation(() => {
    throw new Error('EPERM')
  })
  const pieces = [...piecesOf('up'), ...piecesOf('other')]
  compareInThread({ job: 'compare', env: {} }, answering)
  for (const piece of pieces) {
    expect(await once(asking, 'message')).toEqual([null])
    asking.postMessage(piece)
  }
  expect(await once(asking, 'message')).toEqual([
    {
      classes: 1,
      worst: { kind: 'a credential reaches another host', by: 'route "r299", by no rule' },
      undetermined: 0,
    },
  ])
})
