import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, describe, expect, test } from 'vitest'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-formats-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CONFIG = `version: 1
upstreams: { up: 'https://api.example.com' }
routes:
  - { name: all, match: { path: /v1/* }, upstream: up, rules: [{ name: only, use: x-api-key }] }
tests:
  - name: it goes, 100% of it
    request: { path: /v1/x }
    expect: { route: all, path: /y, headers: { x-a: b } }
`
const DOUBTFUL = CONFIG.replace('upstreams: {', "upstreams: { ok: 'https://x.example.com',")

const FILES: Record<string, string> = {
  'fine.yaml': CONFIG.replace(', path: /y, headers: { x-a: b }', ''),
  'doubtful.yaml': DOUBTFUL,
  'bad name.yaml': CONFIG.replace('upstream: up', 'upstream: ub'),
  'failing.yaml': CONFIG,
  'other.yaml': CONFIG.replace('use: x-api-key', 'use: authorization bearer'),
}
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)

const { id, $schema, ...schema } = JSON.parse(
  readFileSync(new URL('../fixtures/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
)
const isSarif = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(
  schema,
)

const inFolder = (...args: string[]) => run(args, { cwd: folder })

describe('--format sarif', () => {
  test.each([
    { args: ['check', 'fine.yaml'], results: [] },
    {
      args: ['check', 'doubtful.yaml', 'bad name.yaml'],
      results: [
        ['unused-upstream', 'warning', 'doubtful.yaml', 2, 14, 16],
        ['undefined-upstream', 'error', 'bad%20name.yaml', 4, 52, 54],
      ],
    },
    {
      args: ['check', '/gone.yaml'],
      results: [['unreadable-file', 'error', 'file:///gone.yaml', 1, 1, 2]],
    },
    {
      args: ['test', 'failing.yaml'],
      results: [
        ['test-failed', 'error', 'failing.yaml', 6, 5, undefined],
        ['test-failed', 'error', 'failing.yaml', 6, 5, undefined],
      ],
    },
    {
      args: ['diff', 'failing.yaml', 'other.yaml'],
      results: [
        [
          'another-credential-leaves-or-in-another-place',
          'warning',
          'other.yaml',
          4,
          undefined,
          undefined,
        ],
      ],
    },
  ])('$args is SARIF 2.1.0', async ({ args, results }) => {
    const { stdout } = await inFolder(...args, '--format', 'sarif')
    const log = JSON.parse(stdout)
    isSarif(log)
    expect(isSarif.errors).toBeNull()
    const [{ tool, results: told }] = log.runs
    expect(tool.driver.name).toBe(`keyway ${args[0]}`)
    expect(
      told.map(({ ruleId, ruleIndex, level, locations: [{ physicalLocation }] }: SarifResult) => {
        const { artifactLocation, region } = physicalLocation
        expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
        return [
          ruleId,
          level,
          artifactLocation.uri,
          region.startLine,
          region.startColumn,
          region.endColumn,
        ]
      }),
    ).toEqual(results)
  })
})

interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string }
        readonly region: Readonly<Record<string, number>>
      }
    },
  ]
}

describe('--format github', () => {
  test('check writes an annotation for each finding', async () => {
    const { code, stdout } = await inFolder(
      'check',
      'doubtful.yaml',
      'bad name.yaml',
      '--format',
      'github',
    )
    expect(code).toBe(1)
    expect(
      stdout,
    ).toBe(`::warning file=doubtful.yaml,line=2,col=14,endColumn=16,title=unused-upstream::upstreams.ok: the upstream "ok" is not used; remove it, or name it where it is wanted
::error file=bad name.yaml,line=4,col=52,endColumn=54,title=undefined-upstream::routes[0].upstream: there is no upstream "ub"; did you mean "up"?
`)
  })

  test('test writes one for each test that fails, with all that differs', async () => {
    const { code, stdout } = await inFolder('test', 'failing.yaml', '--format', 'github')
    expect(code).toBe(1)
    expect(stdout).toBe(
      '::error file=failing.yaml,line=6,col=5,title=test failed%3A it goes%2C 100%25 of it::path: wanted /y, got /v1/x%0Aheader x-a: wanted b, got absent\n',
    )
    expect((await inFolder('test', 'fine.yaml', '--format', 'github')).stdout).toBe('')
  })
})

describe('check --strict', () => {
  test.each([
    { file: 'fine.yaml', codes: [0, 0] },
    { file: 'doubtful.yaml', codes: [0, 1] },
    { file: 'bad name.yaml', codes: [1, 1] },
  ])('$file', async ({ file, codes }) => {
    const plain = await inFolder('check', file)
    const strict = await inFolder('check', '--strict', file)
    expect([plain.code, strict.code]).toEqual(codes)
    expect(strict.stdout).toBe(plain.stdout)
  })
})
