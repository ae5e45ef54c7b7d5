import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { loadConfig } from '../../../src/config/load.ts'
import { KEY_SYNONYMS } from '../../../src/config/schema/key-synonyms.ts'
import { listPlaces } from '../../../src/config/schema/places.ts'
import type { Schema } from '../../../src/config/schema/schema-error.ts'
import type { Diagnostic } from '../../../src/config/shapes/diagnostic.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

const file = new URL('../../../schemas/routes.schema.json', import.meta.url)
const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema
const places = listPlaces(schema).all
const everyKey = [...new Set(places.flatMap(({ keys }) => keys))]

/** A way through a document to each map of the schema: keys, `*` for a name, 0 for an item. */
const ways = new Map<string, readonly (string | number)[]>()
findWays(schema, '#', [])

function findWays(node: Schema, id: string, way: readonly (string | number)[]): void {
  if (typeof node.$ref === 'string') {
    const steps = node.$ref.split('/').slice(1)
    const target = steps.reduce((inner, step) => inner[step] as Schema, schema)
    findWays(target, node.$ref, way)
    return
  }
  if (ways.has(id)) return
  if (node.properties) ways.set(id, way)
  for (const [key, child] of Object.entries((node.properties ?? {}) as Record<string, Schema>))
    findWays(child, `${id}/properties/${key}`, [...way, key])
  if (typeof node.items === 'object') findWays(node.items as Schema, `${id}/items`, [...way, 0])
  if (typeof node.additionalProperties === 'object')
    findWays(node.additionalProperties as Schema, `${id}/additionalProperties`, [...way, '*'])
}

/** A file that holds no more than a map at the end of a way. */
function fileWith(way: readonly (string | number)[], map: object): string {
  const value = way.reduceRight<unknown>(
    (inner, step) => (step === 0 ? [inner] : { [step === '*' ? 'one' : step]: inner }),
    map,
  )
  return stringify({ version: 1, ...(value as object) })
}

function findingsOf(text: string): readonly Diagnostic[] {
  return loadConfig({ file: 'f', text }, { catalogue: loadCatalogue(), env: {} }).diagnostics
}

function isLedHome(key: string, known: readonly string[], hint = ''): boolean {
  const meant = /^did you mean "(.+)"\?$/.exec(hint)?.[1]
  if (meant !== undefined)
    return (
      known.includes(meant) &&
      (meant.replace(/s$/, '') === key.replace(/s$/, '') ||
        KEY_SYNONYMS[key.toLowerCase()]?.includes(meant) === true)
    )
  const homes = /^"(.+?)" belongs (.+)$/.exec(hint)
  return (
    homes?.[1] === key &&
    places.some(({ words, keys }) => homes[2]?.includes(words) && keys.includes(key))
  )
}

describe('a key at a wrong place is led home', () => {
  test('all maps of the schema are reached', () => {
    expect(places.map(({ id }) => id).sort()).toEqual([...ways.keys()].sort())
    expect(places.length).toBeGreaterThan(30)
    expect(new Set(places.map(({ words }) => words)).size).toBe(places.length)
  })

  const nulls = (names: readonly string[]) => Object.fromEntries(names.map((key) => [key, null]))

  test.each(places)('$words', ({ id, keys }) => {
    const way = ways.get(id) ?? []
    const strangers = everyKey.filter((key) => !keys.includes(key))
    // All at once first, which is two hundred times as fast; two that mean one key may be told as one.
    const doubtful = findLost(strangers, findingsOf(fileWith(way, nulls(strangers))))
    const lost = doubtful.filter(
      (key) => findLost([key], findingsOf(fileWith(way, nulls([key])))).length > 0,
    )
    expect(lost).toEqual([])

    function findLost(names: readonly string[], findings: readonly Diagnostic[]): string[] {
      const unknown = findings.filter(({ code }) => code === 'unknown-key')
      return names.filter((key) => {
        const finding = unknown.find(
          ({ path, message }) => path.endsWith(key) && message === `unknown key "${key}"`,
        )
        return !isLedHome(key, keys, finding?.hint)
      })
    }
  })

  test.each([
    ['routes: [{ prefix: /a }]', 'prefix', '"prefix" belongs under "rewrite"'],
    ['accessLog: true', 'accessLog', '"accessLog" belongs under "server"'],
    ['tls: {}', 'tls', '"tls" belongs on an upstream'],
    [
      'routes: [{ provider: x }]',
      'provider',
      '"provider" belongs on an upstream or on a kind of credential',
    ],
    ['server: { drain: 5s }', 'drain', '"drain" belongs under "limits" of "server"'],
    ['routes: [{ matches: x }]', 'matches', '"matches" belongs in a matcher'],
    ['upstreams: { a: { idle: 5m } }', 'idle', '"idle" belongs under "limits" of an upstream'],
    ['routes: [{ hosts: [] }]', 'hosts', '"hosts" belongs under "match" of a route'],
    ['routes: [{ match: { header: {} } }]', 'header', 'did you mean "headers"?'],
    ['routes: [{ timeout: 5s }]', 'timeout', 'did you mean "limits"?'],
    ['routes: [{ upstraem: x }]', 'upstraem', 'did you mean "upstream"?'],
  ])('%s', (text, key, hint) => {
    const finding = findingsOf(`version: 1\n${text}\n`).find(
      ({ message }) => message === `unknown key "${key}"`,
    )
    expect(finding?.hint).toBe(hint)
  })
})
