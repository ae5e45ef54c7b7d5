import { expect, test } from 'vitest'
import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { DANGERS } from '../../src/proof/changes/danger.ts'
import { createWorlds } from '../../src/proof/world.ts'

const catalogue = loadCatalogue()
const env = { OWN: 'x' }

/** One route that spends a secret, one that does not, and one that spends it by its own host alone. */
function load(server: string): NormalConfig {
  const text = `version: 1
server: { ${server} }
secrets: { own: { env: OWN } }
upstreams: { up: https://api.example.com }
routes:
  - { name: own, match: { path: /own/* }, upstream: up, rules: [{ use: { header: x-api-key, value: '\${secret.own}' } }] }
  - { name: plain, match: { path: /plain/* }, upstream: up }
  - { name: host, match: { path: /host/*, hosts: [proxy.example.com] }, upstream: up, rules: [{ use: { header: x-api-key, value: '\${secret.own}' } }] }
`
  const { config, diagnostics } = loadConfig({ file: 'routes.yaml', text }, { catalogue, env })
  if (config === null) throw new Error(JSON.stringify(diagnostics))
  return config
}

function compare(before: string, after: string): readonly string[] {
  const [was, is] = createWorlds(load(before), load(after), { catalogue, env })
  const { changes, doubts } = compareWorlds(was, is)
  expect(doubts).toEqual([])
  return changes.map(({ danger, request }) => `${DANGERS[danger]}: ${writeCurl(request)}`)
}

const LEAVES = 'a credential reaches another host: curl'
const REFUSED = 'what was forwarded is rejected: curl'
const OWN = 'http://127.0.0.1:8080/own'
const HOST = 'http://127.0.0.1:8080/host'
const ORIGIN = "-H 'origin: https://app.example.com'"

const CASES: readonly {
  readonly name: string
  readonly server: string
  readonly change: string
  /** From one to the other. */
  readonly opens: readonly string[]
  readonly closes: readonly string[]
}[] = [
  {
    name: 'an origin',
    server: 'listen: 127.0.0.1:8080',
    change: "listen: 127.0.0.1:8080, origins: ['https://app.example.com']",
    opens: [
      `${LEAVES} ${ORIGIN} ${OWN}`,
      `${LEAVES} -H 'host: proxy.example.com' ${ORIGIN} ${HOST}`,
    ],
    closes: [
      `${REFUSED} ${ORIGIN} ${OWN}`,
      `${REFUSED} -H 'host: proxy.example.com' ${ORIGIN} ${HOST}`,
    ],
  },
  {
    name: 'a host of a listener on loopback',
    server: 'listen: 127.0.0.1:8080',
    change: "listen: 127.0.0.1:8080, hosts: ['*.example.com']",
    opens: [`${LEAVES} -H 'host: page.example.com' ${OWN}`],
    closes: [`${REFUSED} -H 'host: page.example.com' ${OWN}`],
  },
  {
    name: 'a host of a listener that others reach, where it means nothing',
    server: 'listen: 0.0.0.0:8080',
    change: "listen: 0.0.0.0:8080, hosts: ['*.example.com']",
    opens: [],
    closes: [],
  },
  {
    name: 'a listener that others reach',
    server: 'listen: 127.0.0.1:8080',
    change: 'listen: 0.0.0.0:8080',
    opens: [`${LEAVES} -H 'host: page.example.com' ${OWN}`],
    closes: [`${REFUSED} -H 'host: page.example.com' ${OWN}`],
  },
  {
    name: 'another port',
    server: 'listen: 127.0.0.1:8080',
    change: 'listen: 127.0.0.1:8081',
    opens: [],
    closes: [],
  },
]

test.each(CASES)('$name', ({ server, change, opens, closes }) => {
  expect(compare(server, change)).toEqual(opens)
  expect(compare(change, server)).toEqual(closes)
})
