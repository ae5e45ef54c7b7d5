import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createKeyway } from '../../src/app/create-keyway.ts'
import type { Crew } from '../../src/app/workers/crew.ts'
import { createLogger } from '../../src/observability/logger.ts'

/** Workers that are there, or not all of them. */
const crew = vi.hoisted(() => ({ isWhole: true }))

vi.mock('../../src/app/workers/crew.ts', () => ({
  createCrew: (): Partial<Crew> => ({
    agree: async () => undefined,
    isWhole: () => crew.isWhole,
    listen: async () => ({ host: '127.0.0.1', port: 1 }),
    drain: async () => undefined,
    statuses: async () => [],
    retain: () => undefined,
    follow: () => undefined,
  }),
}))

test('who asks whether it is ready is told "starting" while a worker is missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = join(folder, 'routes.yaml')
  writeFileSync(config, "version: 1\nserver: { admin: '127.0.0.1:0' }\nroutes: []\n")
  const log = createLogger({ destination: { write: () => undefined } })
  const keyway = await createKeyway({ config, env: {}, log, pollMs: null, workers: 2 })
  const { admin } = await keyway.start()
  const ask = async (): Promise<unknown> => {
    const port = admin !== null && 'port' in admin ? admin.port : 0
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`)
    return [answer.status, await answer.text()]
  }
  expect(await ask()).toEqual([200, 'ready\n'])
  crew.isWhole = false
  expect(await ask()).toEqual([503, 'starting\n'])
  crew.isWhole = true
  expect(await ask()).toEqual([200, 'ready\n'])
  await keyway.drain()
})
