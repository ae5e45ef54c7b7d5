import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { compareWorlds } from '../../src/proof/changes/compare-worlds.ts'
import { createWorlds } from '../../src/proof/world.ts'
import { loadSmall, SOURCES } from './oracle-cases.ts'
import { RICH_FILE } from './rich-file.ts'
import { KEY_CHANGES, type Said } from './schema-keys.ts'

interface Node {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, Node | boolean>>
  readonly items?: Node
  readonly additionalProperties?: Node | boolean
}

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/routes.schema.json', import.meta.url), 'utf8'),
) as { readonly definitions: Readonly<Record<string, Node>> }

/** What tests and invariants are made of decides nothing. */
const ELSEWHERE = ['test', 'invariant', 'outcome']

interface Key {
  readonly path: string
  /** Whether it holds a value itself, and not only further keys. */
  readonly isValue: boolean
}

/** Every key of a part of the schema. */
function* keysIn(node: Node, path: string): Generator<Key> {
  const { properties = {}, items, additionalProperties } = node
  for (const [name, below] of Object.entries(properties)) {
    if (typeof below === 'boolean') continue
    yield { path: `${path}.${name}`, isValue: isValue(below) }
    yield* keysIn(below, `${path}.${name}`)
  }
  if (items) yield* keysIn(items, path)
  if (typeof additionalProperties === 'object') yield* keysIn(additionalProperties, path)
}

function isValue({ $ref, properties, additionalProperties }: Node): boolean {
  const target = $ref && schema.definitions[$ref.replace('#/definitions/', '')]
  if (target) return isValue(target)
  if (typeof additionalProperties === 'object') return isValue(additionalProperties)
  return properties === undefined
}

const load = (file: object): NormalConfig => {
  const { config, diagnostics } = loadSmall(file)
  if (config === null)
    throw new Error(diagnostics.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  return config
}

function changed(at: string, value: unknown): object {
  const file = structuredClone(RICH_FILE) as Record<string, unknown>
  const steps = at.split('/')
  const last = steps.pop() as string
  const parent = steps.reduce<Record<string, unknown>>((part, step) => {
    part[step] ??= {}
    return part[step] as Record<string, unknown>
  }, file)
  if (value !== null) parent[last] = value
  else if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else delete parent[last]
  return file
}

const BEFORE = load(RICH_FILE)

test('every key of the schema has its place in the table', () => {
  const keys = Object.entries(schema.definitions).flatMap(([name, node]) =>
    ELSEWHERE.includes(name) ? [] : [...keysIn(node, name)],
  )
  const placed = new Set(KEY_CHANGES.map(([key]) => key))
  const missing = keys.filter(({ path, isValue }) => isValue && !placed.has(path))
  expect(missing.map(({ path }) => path)).toEqual([])
  const known = new Set(keys.map(({ path }) => path))
  expect([...placed].filter((key) => !known.has(key))).toEqual([])
})

test.each(KEY_CHANGES)('%s at %s as %j: %s', (_, at, value, expected) => {
  const [before, after] = createWorlds(BEFORE, load(changed(at, value)), SOURCES)
  const { changes, doubts } = compareWorlds(before, after)
  const said: Said = changes.length > 0 ? 'told' : doubts.length > 0 ? 'no telling' : 'nothing'
  expect({ said, changes: changes.map(({ differences }) => differences), doubts }).toMatchObject({
    said: expected,
  })
})

const dangers: readonly [at: string, value: unknown, danger: number][] = [
  ['upstreams/several/tls', { insecure: true }, 0],
  ['upstreams/socket/socket', '/run/two.sock', 0],
  ['upstreams/proxied/proxy', 'http://other.example.com:3128', 0],
  ['upstreams/proxied/proxy', null, 4],
  ['routes/0/fallback/0/on', ['connect', '5xx'], 0],
  ['upstreams/spare/tls/cert', 'other.pem', 2],
  ['secrets/pod/env', 'OTHER', 2],
  ['routes/1/rules/1/reject/headers/location', '/elsewhere', 5],
]

test.each(dangers)('%s as %j is of danger %i', (at, value, danger) => {
  const { changes } = compareWorlds(...createWorlds(BEFORE, load(changed(at, value)), SOURCES))
  expect(changes.map((one) => one.danger)).toContain(danger)
  expect(Math.min(...changes.map((one) => one.danger))).toBe(danger)
})

test('a route that takes less does not go on to a fallback that it had before', () => {
  const narrower = load(changed('routes/0/match/path', '/a'))
  const { changes } = compareWorlds(...createWorlds(BEFORE, narrower, SOURCES))
  const gained = changes.filter(
    ({ was, differences }) =>
      differences.some(({ what }) => what === 'fallback 1') &&
      was.decision.action === 'forward' &&
      !was.isFallback,
  )
  expect(gained).toEqual([])
})

test('what is done to the answers of upstreams changes none that Keyway gives by itself', () => {
  const other = load(changed('routes/0/response/set', { 'x-answer': '2' }))
  const { changes, doubts } = compareWorlds(...createWorlds(BEFORE, other, SOURCES))
  expect(changes.map(({ is }) => is.decision.action)).toContain('forward')
  expect(changes.map(({ is }) => is.decision.action)).not.toContain('reject')
  expect(doubts).toEqual([])
})

test('fields with underscores are told of, each class with a request that has one', () => {
  const other = load(changed('server/underscores', 'keep'))
  const { changes, doubts } = compareWorlds(...createWorlds(BEFORE, other, SOURCES))
  expect(doubts).toEqual([])
  expect(changes.every(({ request }) => request.headers.includes('x_forwarded_for'))).toBe(true)
})
