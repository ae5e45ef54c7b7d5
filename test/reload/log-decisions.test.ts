import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { NormalConfig } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import type { Logger } from '../../src/observability/logger.ts'
import { logDecisions } from '../../src/reload/log-decisions.ts'

const catalogue = loadCatalogue()

function load(use: string, path = '/a/*'): NormalConfig {
  const text = `version: 1
upstreams: { up: 'https://api.example.com' }
routes: [{ name: a, match: { path: ${path} }, upstream: up, rules: [{ name: only, use: ${use} }] }]
`
  const { config } = loadConfig({ file: 'routes.yaml', text }, { catalogue, env: {} })
  if (config === null) throw new Error('the file has errors')
  return config
}

async function logged(before: NormalConfig, after: NormalConfig): Promise<unknown[]> {
  const lines: unknown[] = []
  const write = (level: string) => (fields: object, message: string) => {
    lines.push([level, fields, message])
  }
  const log = { info: write('info'), debug: write('debug'), error: write('error') }
  await logDecisions(before, after, 2, { log: log as unknown as Logger, catalogue, env: {} })
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
