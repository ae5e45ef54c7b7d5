import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { DEFAULT_PLACES } from '../../../src/config/language/credential-places.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { viewOfTest } from '../../../src/testing/request.ts'
import { type Key, KEYS as keys, type Way } from './keys-of-schema.ts'

const root = new URL('../../../', import.meta.url)
/** Words after "Default:" that name no value of their own. */
const NO_VALUE = /^(none|nine tenths of|as many as|those of|as the|the provider|its place)/

function toldDefault({ schema: { description } }: Key): string | null {
  const told = /Default: (.*)\.$/.exec(String(description ?? ''))?.[1] ?? null
  return told === null || NO_VALUE.test(told)
    ? null
    : told.replace(/^\[|\]$|, and those of .*$/g, '')
}

function defaultAsText({ schema: { default: value } }: Key): string | null {
  return value === undefined ? null : [value].flat().join(', ')
}

test('what a description tells as the default is the default', () => {
  const told = keys.map((key) => [key.way.join('.'), toldDefault(key)])
  expect(told).toEqual(keys.map((key) => [key.way.join('.'), defaultAsText(key)]))
})

/** A file that has every map in which a key has a default; each holds what it can't do without. */
const WHOLE = {
  version: 1,
  server: { limits: {}, log: {}, store: { redis: 'redis://127.0.0.1' } },
  audit: { file: 'audit.jsonl' },
  secrets: { one: { pool: [{ env: 'A' }] } },
  credentials: { one: { prefixes: ['one_'] } },
  clients: { tokens: { one: { file: 'tokens' } } },
  upstreams: {
    one: {
      targets: [{ url: 'https://a.example.com' }, 'https://b.example.com'],
      accepts: ['one'],
      limits: {},
      health: { path: '/' },
      eject: {},
      retry: {},
    },
    two: { url: 'https://c.example.com', accepts: ['one'] },
  },
  routes: [
    {
      name: 'one',
      match: { path: '/a' },
      upstream: 'one',
      credential: {},
      fallback: [
        { upstream: 'two', rules: [{ if: { method: 'POST' }, reject: {}, response: {} }] },
      ],
    },
  ],
  tests: [{ name: 'one', request: { path: '/a', client: {} }, expect: { route: 'one' } }],
}

/** What stands in a map that may not be empty: the first of them that is not looked at. */
const FILLINGS: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  retry: [
    ['attempts', 3],
    ['buffer', '1KiB'],
  ],
  response: [
    ['remove', ['x-a']],
    ['location', 'keep'],
  ],
  reject: [
    ['message', 'no'],
    ['status', 404],
  ],
}

function fileWith(way: Way, value?: unknown): string {
  const document = structuredClone(WHOLE) as unknown as Record<string, unknown>
  const key = way.at(-1) as string
  const map = mapAt(document, way.slice(0, -1))
  if (value !== undefined) map[key] = value
  fill(document, key)
  return stringify(document)
}

function fill(node: object, looked: string): void {
  for (const [key, child] of Object.entries(node)) {
    if (typeof child !== 'object' || child === null) continue
    const filling = FILLINGS[key]?.find(([name]) => name !== looked)
    if (filling) child[filling[0]] = filling[1]
    fill(child, looked)
  }
}

function mapAt(document: unknown, way: Way): Record<string, unknown> {
  let node = document as Record<string | number, unknown>
  for (const step of way) {
    const next = node[step]
    if (typeof next !== 'object' || next === null)
      throw new Error(`this test's document has no map at ${way.join('.')}: add it to WHOLE`)
    node = next as Record<string | number, unknown>
  }
  return node as Record<string, unknown>
}

function meaningOf(text: string): unknown {
  const { config, diagnostics } = loadConfig(
    { file: 'f', text },
    { catalogue: loadCatalogue(), env: {} },
  )
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  return config && { ...config, tests: config.tests.map((one) => viewOfTest(one, config)) }
}

describe('what is left out means the default of the schema', () => {
  // A kind keeps what its file says: the shipped one of the same name fills in the rest.
  // And the places of a credential depend on the provider where the file names none.
  const cases = keys.filter(
    ({ way, schema: { default: value } }) =>
      value !== undefined && way[0] !== 'credentials' && way.at(-1) !== 'from',
  )
  test.each(cases.map((key) => ({ name: key.way.join('.'), ...key })))(
    '$name',
    ({ way, schema: { default: value } }) => {
      expect(meaningOf(fileWith(way, value))).toEqual(meaningOf(fileWith(way)))
    },
  )
})

test('a credential is looked for in the default places', () => {
  const [from] = keys.filter(({ way }) => way.at(-1) === 'from')
  expect(from?.schema.default).toEqual(DEFAULT_PLACES.map(({ name }) => name))
})

describe('docs/limits.md tells every limit and its default', () => {
  const page = readFileSync(new URL('docs/limits.md', root), 'utf8')
  /** Defaults that follow another limit. */
  const following: Readonly<Record<string, string>> = {
    connectionsPerAddress: 'nine tenths of `connections` ²',
    requestsPerAddress: '`connections` ²',
  }
  test.each([
    ['On clients: `server.limits`', 'server.limits.'],
    ['On upstreams: `upstreams.NAME.limits`', 'upstreams.one.limits.'],
  ])('%s', (heading, start) => {
    const section = page.split(`## ${heading}`)[1]?.split('\n## ')[0] ?? ''
    const told = [...section.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, key, text]) => [
      key,
      text?.trim().replaceAll(',', ''),
    ])
    const limits = keys.filter(({ way }) => `${way.slice(0, -1).join('.')}.` === start)
    expect(told.length).toBeGreaterThan(0)
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(
        limits.map((key) => {
          const name = String(key.way.at(-1))
          return [name, defaultAsText(key) ?? following[name] ?? 'none']
        }),
      ),
    )
  })
})
