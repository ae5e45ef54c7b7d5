import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'

vi.setConfig({ testTimeout: 90_000 })

let folder = ''
let keyway: KeywayProcess

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-long-'))
})

afterAll(async () => {
  keyway.signal('SIGKILL')
  await rm(folder, { recursive: true })
})

/** Long enough to be loaded in a thread; the last route stands on line 2,004. */
function config(lastUpstream: string): string {
  const routes = Array.from({ length: 2_000 }, (_, index) => {
    const upstream = index === 1_999 ? lastUpstream : 'echo'
    return `  - { name: r${index}, match: { path: /r${index}/* }, upstream: ${upstream} }\n`
  })
  return `version: 1
server: { listen: 127.0.0.1:0, admin: off }
upstreams: { echo: builtin:echo, other: 'http://127.0.0.1:1' }
routes:
${routes.join('')}`
}

test('a long file is served, and one error at its end is told with its place', async () => {
  const file = join(folder, 'routes.yaml')
  await writeFile(file, config('echo'))
  keyway = startKeyway(file)
  const { listen, routes } = await keyway.until('listening')
  expect(routes).toBe(2_000)

  await writeFile(file, config('othr'))
  await keyway.until('configuration refused, last good one stays')
  expect(keyway.stderr()).toContain('routes.yaml:2004:')
  expect(keyway.stderr()).toContain('did you mean "other"?')

  await writeFile(file, config('other'))
  const { changes } = await keyway.until('configuration applied')
  expect(changes).toEqual(['route "r1999" changed: upstream'])
  const response = await fetch(`http://${listen}/r1999/x`)
  // Nobody is there, where it goes now.
  expect(response.status).toBe(502)

  // In the thread that is built for it, unless it has too little of the processor.
  const told = ['decisions changed', 'decisions not compared'].map((msg) => keyway.until(msg))
  const { generation } = await Promise.race(told)
  expect(generation).toBe(2)
  keyway.signal('SIGKILL')
  await Promise.allSettled(told)
})
