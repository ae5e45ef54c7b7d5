import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { countedProgram } from '../../coverage/collected.ts'
import { startKeyway } from '../../support/keyway-process.ts'

const built = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url))

const CONFIG = `version: 1
server: { listen: 127.0.0.1:0, admin: off }
upstreams: { echo: builtin:echo }
routes:
  - { name: all, match: { path: /* }, upstream: echo }
`

// Its hundreds of modules are read while the primary asks already; the bundle is whole at once.
test('workers of the program as the compiler writes it serve too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyway-unbundled-'))
  const file = join(folder, 'routes.yaml')
  await writeFile(file, CONFIG)
  const keyway = startKeyway(file, {
    program: countedProgram ?? built,
    args: ['--workers', '2'],
  })
  onTestFinished(async () => {
    keyway.signal('SIGKILL')
    await keyway.exited
    await rm(folder, { recursive: true })
  })
  const { listen } = await keyway.until('listening')
  expect((await fetch(`http://${listen}/x`)).status).toBe(200)
  keyway.signal('SIGTERM')
  expect(await keyway.exited).toBe(0)
})
