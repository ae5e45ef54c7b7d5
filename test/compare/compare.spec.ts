import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Certificates, createCertificates } from './certificates.ts'
import type { Contender, Headers, Outcome } from './contender.ts'
import { type Place, startCaddy, startHaproxy, startKeyway, startNginx } from './running-proxy.ts'
import { createEnvoyScript, createKongScript, createTraefikPlugin } from './scripted.ts'
import { startUpstream, type Upstream } from './upstream.ts'

const KEY = 'sk-ant-api03-FAKE'
const OAUTH = 'sk-ant-oat01-FAKE'
const OPAQUE = 'opaque-FAKE'

const CASES: readonly { name: string; arrives: Headers; leaves: Outcome }[] = [
  {
    name: 'an API key as a bearer',
    arrives: [['authorization', `Bearer ${KEY}`]],
    leaves: [['x-api-key', KEY]],
  },
  {
    name: 'bEaReR in any case',
    arrives: [['authorization', `bEaReR ${KEY}`]],
    leaves: [['x-api-key', KEY]],
  },
  { name: 'an API key as x-api-key', arrives: [['x-api-key', KEY]], leaves: [['x-api-key', KEY]] },
  {
    name: 'an OAuth token as a bearer',
    arrives: [['authorization', `Bearer ${OAUTH}`]],
    leaves: [['authorization', `Bearer ${OAUTH}`]],
  },
  {
    name: 'an OAuth token as x-api-key',
    arrives: [['x-api-key', OAUTH]],
    leaves: [['authorization', `Bearer ${OAUTH}`]],
  },
  {
    name: 'an opaque bearer',
    arrives: [['authorization', `Bearer ${OPAQUE}`]],
    leaves: [['authorization', `Bearer ${OPAQUE}`]],
  },
  {
    name: 'an opaque x-api-key',
    arrives: [['x-api-key', OPAQUE]],
    leaves: [['authorization', `Bearer ${OPAQUE}`]],
  },
  {
    name: 'the same key in both',
    arrives: [
      ['authorization', `Bearer ${KEY}`],
      ['x-api-key', KEY],
    ],
    leaves: [['x-api-key', KEY]],
  },
  {
    name: 'two different ones',
    arrives: [
      ['authorization', `Bearer ${OAUTH}`],
      ['x-api-key', KEY],
    ],
    leaves: 400,
  },
  { name: 'none', arrives: [], leaves: [] },
]

/** Where they differ, as the page says: two values in a repeated field, a third place, no bearer. */
const REPEATED_KEY: Headers = [
  ['x-api-key', KEY],
  ['x-api-key', 'sk-ant-api03-OTHER-FAKE'],
]
const REPEATED_AUTHORIZATION: Headers = [
  ['authorization', `Bearer ${KEY}`],
  ['authorization', `Bearer ${OAUTH}`],
]
const ELSEWHERE: Headers = [
  ['x-api-key', KEY],
  ['x-goog-api-key', KEY],
]
const BASIC: Headers = [['authorization', 'Basic RkFLRTpGQUtF']]

interface Entry {
  readonly name: string
  readonly command: string
  readonly start: (place: Place) => Contender | Promise<Contender>
  readonly repeatedKey: Outcome
  readonly repeatedAuthorization: Outcome
  readonly basic: Outcome
}

const RUNNING: readonly Entry[] = [
  {
    name: 'Keyway',
    command: 'node',
    start: startKeyway,
    repeatedKey: 400,
    repeatedAuthorization: 400,
    basic: BASIC,
  },
  {
    name: 'nginx',
    command: 'nginx',
    start: startNginx,
    repeatedKey: [['x-api-key', KEY]],
    repeatedAuthorization: 400,
    basic: [],
  },
  {
    name: 'HAProxy',
    command: 'haproxy',
    start: startHaproxy,
    repeatedKey: 400,
    repeatedAuthorization: 400,
    basic: [],
  },
  {
    name: 'Caddy',
    command: 'caddy',
    start: startCaddy,
    repeatedKey: [['x-api-key', `${KEY},sk-ant-api03-OTHER-FAKE`]],
    repeatedAuthorization: [],
    basic: [],
  },
]
const SCRIPTED: readonly Entry[] = [
  {
    name: 'the Lua for Envoy',
    command: 'luajit',
    start: ({ folder }) => createEnvoyScript(folder),
    repeatedKey: 400,
    repeatedAuthorization: 400,
    basic: [],
  },
  {
    name: 'the Lua for Kong',
    command: 'luajit',
    start: ({ folder }) => createKongScript(folder),
    repeatedKey: 400,
    repeatedAuthorization: 400,
    basic: [],
  },
  {
    name: 'the plugin for Traefik',
    command: 'go',
    start: ({ folder }) => createTraefikPlugin(folder),
    repeatedKey: 400,
    repeatedAuthorization: 400,
    basic: [],
  },
]

let folder: string
let trusted: Certificates
let upstream: Upstream
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-compare-'))
  trusted = createCertificates(folder, 'trusted')
  upstream = await startUpstream(trusted)
})
afterAll(async () => {
  await upstream.close()
  rmSync(folder, { recursive: true })
})

for (const entry of [...RUNNING, ...SCRIPTED])
  describe.skipIf(!isInstalled(entry.command))(entry.name, () => {
    let contender: Contender
    let outcomes: readonly Outcome[]
    beforeAll(async () => {
      contender = await entry.start({ folder, upstream, caFile: trusted.caFile })
      outcomes = await contender.decide(CASES.map(({ arrives }) => arrives))
    })
    afterAll(() => contender.close())

    it.each(CASES.map((one, index) => ({ ...one, index })))('$name', ({ index, leaves }) => {
      expect(outcomes[index]).toEqual(leaves)
    })

    it.each([
      { name: 'a repeated x-api-key', arrives: REPEATED_KEY, leaves: entry.repeatedKey },
      {
        name: 'a repeated Authorization',
        arrives: REPEATED_AUTHORIZATION,
        leaves: entry.repeatedAuthorization,
      },
      {
        name: 'a credential in a third place too',
        arrives: ELSEWHERE,
        leaves: entry.name === 'Keyway' ? [['x-api-key', KEY]] : ELSEWHERE,
      },
      { name: 'Basic', arrives: BASIC, leaves: entry.basic },
    ])('$name, as the page says', async ({ arrives, leaves }) => {
      expect(await contender.decide([arrives])).toEqual([leaves])
    })
  })

describe("an upstream that another authority's certificate stands for gets nothing", () => {
  it.each(RUNNING.filter(({ command }) => isInstalled(command)))('$name', async ({ start }) => {
    const stranger = await startUpstream(createCertificates(folder, 'stranger'))
    const contender = await start({ folder, upstream: stranger, caFile: trusted.caFile })
    const [outcome] = await contender.decide([[['x-api-key', KEY]]])
    await contender.close()
    await stranger.close()
    expect([502, 503]).toContain(outcome)
  })
})

function isInstalled(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
