import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../src/config/diagnostics/format-diagnostic.ts'
import { type LoadResult, loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

const catalogue = loadCatalogue()

function load(text: string, limitBytes?: number): LoadResult {
  const options = { catalogue, env: {}, ...(limitBytes === undefined ? {} : { limitBytes }) }
  return loadConfig({ file: 'routes.yaml', text }, options)
}

const codes = (text: string): string[] => load(text).diagnostics.map(({ code }) => code)

const base = 'version: 1\nupstreams: { echo: builtin:echo }\n'

const robust: { name: string; text: string; codes: string[] }[] = [
  { name: 'a byte order mark', text: `\uFEFF${base}`, codes: ['unused-upstream'] },
  { name: 'Windows line ends', text: base.replaceAll('\n', '\r\n'), codes: ['unused-upstream'] },
  { name: 'a file that is no map', text: '- version: 1\n', codes: ['wrong-type'] },
  { name: 'a file that is a word', text: 'hello\n', codes: ['wrong-type'] },
  { name: 'JSON', text: '{"version": 1}', codes: [] },
  {
    name: 'a key called __proto__',
    text: 'version: 1\n__proto__: { a: 1 }\n',
    codes: ['unknown-key'],
  },
  {
    name: 'an upstream called like what all objects have',
    text: 'version: 1\nroutes:\n  - { name: a, match: { path: /a }, upstream: constructor }\n',
    codes: ['undefined-upstream'],
  },
  { name: 'white space', text: ' \n\n', codes: ['empty-file'] },
]

test('a byte order mark takes up no column', () => {
  const { diagnostics } = load(`\uFEFFversoin: 1\n`)
  expect(diagnostics.map(({ line, column, length }) => [line, column, length])).toContainEqual([
    1, 1, 7,
  ])
})

describe('a file is read whatever it looks like', () => {
  test.each(robust)('$name', ({ text, codes: expected }) => {
    expect(codes(text)).toEqual(expected)
  })

  test('one that is too large is refused unread', () => {
    const { config, diagnostics } = load(base, 10)
    expect(config).toBeNull()
    expect(diagnostics.map(({ message }) => message)).toEqual(['the file has more than 10 bytes'])
  })

  test('nesting without end is refused', () => {
    expect(load(`version: 1\nroutes: ${'['.repeat(20_000)}`).config).toBeNull()
    const deep = `${'not: { '.repeat(5000)}method: GET${' }'.repeat(5000)}`
    expect(
      load(
        `${base}routes:\n  - { name: a, match: { path: /a }, upstream: echo, rules: [{ if: { ${deep} }, use: none }] }`,
      ).config,
    ).toBeNull()
  })
})

test('columns count characters, not UTF-16 units', () => {
  const { diagnostics } = load(
    `version: 1\nroutes: [{ name: "🔑🔑", match: { path: /a }, upsteam: a }]\n`,
  )
  const unknown = diagnostics.find(({ code }) => code === 'unknown-key')
  expect(unknown).toMatchObject({ line: 2, column: 45, length: 7 })
})

test('a control character of the file never reaches the terminal', () => {
  const { diagnostics } = load('version: 1\n"\\e[31mred": 1\n')
  expect(diagnostics.map(formatDiagnostic).join('\n')).not.toContain('\u001b')
})

test('no credential of the file is in a diagnostic', () => {
  const key = 'sk-ant-api03-FAKE0123456789abcdefFAKE'
  const text = `${base}routes:
  - name: a
    match: { path: /a, headers: { x-key: ${key} } }
    upstream: ${key}
    rules:
      - if credential equals ${key} and ${key} use none
      - use: { header: x-api-key, value: "Bearer ${key}" }
      - { ${key}: 1, if: { credential: { matches: "(${key}" } } }
    request: { set: { x-api-key: "\${secret.${key}}" } }
`
  const { diagnostics } = load(text)
  expect(diagnostics.length).toBeGreaterThan(4)
  const printed = diagnostics.map(formatDiagnostic).join('\n') + JSON.stringify(diagnostics)
  expect(printed).not.toContain('FAKE0123')
  expect(printed).not.toContain('abcdef')
})

const fixtures = new URL('../fixtures/diagnostics/', import.meta.url)
const samples = readdirSync(fixtures)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(new URL(name, fixtures), 'utf8'))

test('any text gives a configuration or an error, and nothing is thrown', () => {
  const scrap = fc.constantFrom(
    ...' |\n|: |- |{|}|[|]|"|(|)|use |if |else |and |^|$|*|${|x|1|:|~'.split('|'),
    '|',
    '\t',
  )
  const edit = fc.record({ at: fc.nat(), cut: fc.nat({ max: 8 }), scrap })
  fc.assert(
    fc.property(
      fc.constantFrom(...samples),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (sample, edits) => {
        const text = edits.reduce((rest, one) => {
          const at = one.at % (rest.length + 1)
          return rest.slice(0, at) + one.scrap + rest.slice(at + one.cut)
        }, sample)
        const { config, diagnostics } = load(text)
        const lines = text.split('\n')
        for (const { line, column } of diagnostics) {
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(column).toBeLessThanOrEqual([...(lines[line - 1] as string)].length + 1)
        }
        expect(config === null).toBe(diagnostics.some(({ severity }) => severity === 'error'))
      },
    ),
    { numRuns: 300 },
  )
})
