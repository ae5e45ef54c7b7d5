import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LiveConfig, openConfig } from '../../src/app/open-config.ts'
import { createLogger } from '../../src/observability/logger.ts'

let folder = ''
let lines: Record<string, unknown>[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-secret-log-'))
  lines = []
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const FILE = `version: 1
server: { admin: "off" }
secrets:
  own: { file: own.key }
  both: { pool: [{ file: own.key }, { env: UNSET }] }
clients: { tokens: { ci: { file: ci.sha256 } } }
upstreams: { echo: builtin:echo }
routes:
  - { name: a, match: { path: /a }, upstream: echo }
`

async function open(): Promise<LiveConfig> {
  const config = join(folder, 'routes.yaml')
  writeFileSync(config, FILE)
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) }
  return openConfig({ config, env: {}, log: createLogger({ destination }) })
}

/** Lines about secrets since the last look. */
function told(): string[] {
  return lines.splice(0).flatMap(({ level, msg, secret, client, reason }) => {
    const what = secret ?? client
    return what === undefined ? [] : [[level, msg, what, reason].filter(Boolean).join(', ')]
  })
}

const OWN = 'warn, secret cannot be used, own, its file is missing'
const ALL = [
  OWN,
  'warn, secret cannot be used, both[0], its file is missing',
  'warn, secret cannot be used, both[1], environment variable UNSET is not set',
  'warn, client tokens cannot be used, ci, its file is missing',
]

test('what can not be used is told once, at start and after a reload', async () => {
  const live = await open()
  expect(told()).toEqual(ALL)
  expect(live.store.current.secrets.read('own')).toBeNull()
  expect(live.store.current.secrets.problems()).toHaveLength(3)
  expect(told()).toEqual([])
  writeFileSync(join(folder, 'routes.yaml'), `${FILE}# changed\n`)
  await live.reload()
  expect(told()).toEqual(ALL)
})

test('what can be used again is told once, and what fails later at its first failure', async () => {
  const { secrets } = (await open()).store.current
  told()
  writeFileSync(join(folder, 'own.key'), 'FAKE-KEY')
  expect([secrets.read('own'), secrets.read('own')]).toEqual(['FAKE-KEY', 'FAKE-KEY'])
  expect(told()).toEqual(['info, secret can be used again, own'])
  rmSync(join(folder, 'own.key'))
  expect([secrets.read('own'), secrets.read('own')]).toEqual([null, null])
  expect(told()).toEqual([OWN])
})
