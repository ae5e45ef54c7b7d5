import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'

vi.setConfig({ testTimeout: 60_000 })

let folder: string
let file: string
let keyway: KeywayProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-log-'))
  file = join(folder, 'routes.yaml')
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  await rm(folder, { recursive: true })
})

const config = (log: string): string => `version: 1
server: { listen: 127.0.0.1:0, admin: 'off', accessLog: true, log: ${log} }
upstreams: { echo: 'builtin:echo' }
routes:
  - { name: echo, match: { path: /echo }, upstream: echo }
`

/** Asks the paths one after the other, and gives the status of each. */
async function ask(url: string, paths: readonly string[]): Promise<number[]> {
  const statuses: number[] = []
  for (const path of paths) {
    const response = await fetch(`${url}${path}`)
    await response.arrayBuffer()
    statuses.push(response.status)
  }
  return statuses
}

test('a tenth of what went well, everything that did not, and how many were left out', async () => {
  await writeFile(file, config('{ sample: 10% }'))
  keyway = startKeyway(file)
  const { listen } = await keyway.until('listening')
  const paths = Array.from({ length: 20 }, (_, i) => (i % 5 === 4 ? `/none/${i}` : '/echo'))
  await ask(`http://${listen}`, paths)
  keyway.signal('SIGTERM')
  expect(await keyway.exited).toBe(0)
  const requests = keyway.lines.filter(({ msg }) => msg === 'request')
  const failed = requests.filter(({ status }) => status === 404).map(({ path }) => path)
  expect(failed).toEqual(['/none/4', '/none/9', '/none/14', '/none/19'])
  expect(requests.filter(({ status }) => status === 200)).toHaveLength(2)
  const told = keyway.lines.filter(({ msg }) => msg === 'access lines were left out')
  expect(told).toMatchObject([{ requests: 14 }])
})

test('a reload changes it all', async () => {
  await writeFile(file, config('{ sample: 0% }'))
  keyway = startKeyway(file)
  const { listen } = await keyway.until('listening')
  await ask(`http://${listen}`, ['/echo'])
  await writeFile(file, config('{ sample: 100% }'))
  expect(await keyway.until('configuration applied')).toMatchObject({
    changes: ['server.log changed'],
  })
  await ask(`http://${listen}`, ['/echo?second'])
  await keyway.until('request')
  keyway.signal('SIGTERM')
  await keyway.exited
  expect(keyway.lines.filter(({ msg }) => msg === 'request')).toHaveLength(1)
})
