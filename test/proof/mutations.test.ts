import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { writeCurl } from '../../src/config/diagnostics/write-curl.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { listClasses } from '../../src/proof/classes/all-classes.ts'
import { requestOfClass } from '../../src/proof/classes/class-requests.ts'
import { createWorlds, type World } from '../../src/proof/world.ts'
import { compareDecisions } from '../../src/routing/decide/explain/compare-decisions.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { viewOfTest } from '../../src/testing/request.ts'
import { createRandom, type Random } from './random.ts'

// `npm run prove:mutations` makes two hundred of them.
const EDITS = Number(process.env.KEYWAY_MUTATIONS ?? 25)

const folder = new URL('../../config/', import.meta.url)
const files = [
  'routes.yaml',
  ...readdirSync(new URL('examples/', folder))
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'))
    .map((name) => `examples/${name}`),
]

const catalogue = loadCatalogue()
const env = process.env

interface Written {
  upstreams?: Record<string, unknown>
  routes?: { rules?: unknown[]; upstream?: string; match: { path: string } }[]
  invariants?: unknown
  tests?: unknown
}

function load(written: Written): NormalConfig | null {
  return loadConfig({ file: 'mutated.yaml', text: JSON.stringify(written) }, { catalogue, env })
    .config
}

/** One edit as a hand slips: a letter of a pattern, two rules exchanged, another upstream. */
function mutate(written: Written, random: Random): string | null {
  const routes = written.routes ?? []
  const route = routes[Math.floor(random() * routes.length)]
  if (!route) return null
  const rules = route.rules ?? []
  const roll = random()
  if (roll < 0.35 && rules.length > 1) {
    const at = Math.floor(random() * (rules.length - 1))
    ;[rules[at], rules[at + 1]] = [rules[at + 1], rules[at]]
    return `rules ${at} and ${at + 1} exchanged`
  }
  if (roll < 0.6) {
    const names = Object.keys(written.upstreams ?? {}).filter((name) => name !== route.upstream)
    const name = names[Math.floor(random() * names.length)]
    if (route.upstream === undefined || name === undefined) return null
    route.upstream = name
    return `upstream ${name}`
  }
  const text = JSON.stringify(rules)
  const letters = [...text.matchAll(/(?<="(?:matches|prefix|equals|path)":"[^"]*)[a-z](?=[^"]*")/g)]
  const letter = letters[Math.floor(random() * letters.length)]
  if (!letter) return null
  const next = letter[0] === 'z' ? 'a' : String.fromCharCode(letter[0].charCodeAt(0) + 1)
  route.rules = JSON.parse(
    text.slice(0, letter.index) + next + text.slice(letter.index + 1),
  ) as unknown[]
  return `${letter[0]} → ${next} at ${letter.index}`
}

/** Requests that may show a change: those of the tests, one of each class, each with every kind of credential. */
function manyRequests(worlds: readonly World[]): readonly RequestView[] {
  const own = worlds.flatMap((world) => [
    ...world.config.tests.map((one) => viewOfTest(one, world.config)),
    ...listClasses(world).classes.flatMap((one) => requestOfClass(one, world) ?? []),
  ])
  const values = catalogue.kinds.flatMap(({ prefixes }) => prefixes?.slice(0, 1) ?? [])
  return own.flatMap((request) => [
    request,
    ...values.map((value) => ({
      ...request,
      headers: [...withoutAuthorization(request.headers), 'authorization', `Bearer ${value}TEST`],
    })),
  ])
}

function withoutAuthorization(fields: readonly string[]): string[] {
  return fields.filter((_, at) => fields[at - (at % 2)]?.toLowerCase() !== 'authorization')
}

test('each single edit of a shipped file is told with a request that shows it, or changes nothing', () => {
  const counts = { told: 0, same: 0, undetermined: 0 }
  const random = createRandom(14)
  let made = 0
  for (let tries = 0; made < EDITS && tries < EDITS * 20; tries++) {
    const file = files[tries % files.length] as string
    const written = parse(readFileSync(new URL(file, folder), 'utf8')) as Written
    const { invariants: _, ...plain } = written
    const before = load(plain)
    const edited = structuredClone(plain)
    const edit = mutate(edited, random)
    const after = edit === null ? null : load(edited)
    if (before === null || after === null) continue
    made++
    const worlds = createWorlds(before, after, { catalogue, env })
    const [was, is] = worlds
    const { changes, doubts } = compareWorlds(was, is)
    for (const { request } of changes)
      expect(compareDecisions(was.table().decide(request), is.table().decide(request))).not.toEqual(
        [],
      )
    if (changes.length > 0) counts.told++
    else {
      const missed = manyRequests(worlds).find(
        (request) =>
          compareDecisions(was.table().decide(request), is.table().decide(request)).length > 0,
      )
      if (missed) throw new Error(`${file}, ${edit}: missed ${writeCurl(missed)}`)
      counts[doubts.length > 0 ? 'undetermined' : 'same']++
    }
  }
  expect(made).toBe(EDITS)
  expect(counts.undetermined).toBe(0)
  expect(counts.told).toBeGreaterThan(made / 2)
}, 3_000_000)
