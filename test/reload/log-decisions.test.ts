import { expect, test, vi } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import type { Logger } from '../../src/observability/logger.ts'
import {
  createDecisionLog,
  type LiveFile,
  type LogDecisions,
} from '../../src/reload/log-decisions.ts'

const catalogue = loadCatalogue()

function load(use: string, path = '/a/*'): LiveFile {
  const text = `version: 1
upstreams: { up: 'https://api.example.com' }
routes: [{ name: a, match: { path: ${path} }, upstream: up, rules: [{ name: only, use: ${use} }] }]
`
  const { config } = loadConfig({ file: 'routes.yaml', text }, { catalogue, env: {} })
  if (config === null) throw new Error('the file has errors')
  return { text, config, generation: 2 }
}

function startLog(limitMs?: number): {
  readonly logDecisions: LogDecisions
  readonly lines: readonly unknown[]
} {
  const lines: unknown[] = []
  const write = (level: string) => (fields: object, message: string) => {
    lines.push([level, fields, message])
  }
  const levels = ['info', 'debug', 'error', 'warn'].map((level) => [level, write(level)])
  const log = Object.fromEntries(levels) as Logger
  const limit = limitMs === undefined ? {} : { limitMs }
  return { logDecisions: createDecisionLog({ log, env: {}, ...limit }), lines }
}

async function logged(before: LiveFile, after: LiveFile, limitMs?: number): Promise<unknown> {
  const { logDecisions, lines } = startLog(limitMs)
  await logDecisions(before, after)
  return lines
}

test('a reload tells how many classes of requests it decides otherwise, and the worst', async () => {
  expect(await logged(load('x-api-key'), load('authorization bearer'))).toEqual([
    [
      'info',
      {
        generation: 2,
        classes: 1,
        worst: 'another credential leaves, or in another place',
        by: 'route "a", rule "only"',
        undetermined: 0,
      },
      'decisions changed',
    ],
  ])
  expect(await logged(load('x-api-key'), load('x-api-key', '"/*"'))).toMatchObject([
    ['info', { worst: 'a credential reaches another host', undetermined: 0 }, 'decisions changed'],
  ])
})

test('one that changes no decision says so where all is logged', async () => {
  expect(await logged(load('x-api-key'), load('x-api-key'))).toEqual([
    ['debug', { generation: 2 }, 'no request is decided otherwise'],
  ])
})

test('one that takes longer than it may is not compared, and that is said', async () => {
  expect(await logged(load('x-api-key'), load('authorization bearer'), 0)).toEqual([
    ['warn', { generation: 2, reason: 'not compared within 0 s' }, 'decisions not compared'],
  ])
})

test('the next reload ends the comparison of the one before it', async () => {
  // Each step of a comparison is a slice of its own, however fast the machine is.
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => {
    now += 10
    return now
  })
  const { logDecisions, lines } = startLog(1e9)
  const [a, b] = [load('x-api-key'), load('authorization bearer')]
  await Promise.all([logDecisions(a, b), logDecisions(b, { ...a, generation: 3 })])
  const reason = 'the next reload came before they were compared'
  // Either may be told first.
  expect(lines).toHaveLength(2)
  expect(lines).toContainEqual(['warn', { generation: 2, reason }, 'decisions not compared'])
  expect(lines).toContainEqual([
    'info',
    expect.objectContaining({ generation: 3, classes: 1 }),
    'decisions changed',
  ])
})

test('what can not be compared is a defect that is logged', async () => {
  const a = load('x-api-key')
  const broken = { ...a, config: { ...a.config, routes: null as never } }
  expect(await logged(a, broken)).toMatchObject([['error', {}, 'comparing decisions failed']])
})
