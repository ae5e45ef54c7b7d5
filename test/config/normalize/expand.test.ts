import { expect, test } from 'vitest'
import { type LoadResult, loadConfig } from '../../../src/config/load.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

const BEFORE = `version: 1
upstreams: { one: { url: https://one.test, accepts: [unknown] }, two: { url: https://two.test, accepts: [unknown] } }
routes:
  - name: all
    match: { path: /* }
    upstream: one
`

function load(rest: string, env: Record<string, string> = {}): LoadResult {
  return loadConfig({ file: 'f', text: BEFORE + rest }, { catalogue: loadCatalogue(), env })
}

/** Findings as `CODE COLUMN+LENGTH hint`, of what matters here. */
function findings(rest: string): readonly string[] {
  return load(rest)
    .diagnostics.filter(({ code }) => /sentence/.test(code))
    .map(({ code, column, length, hint }) => `${code} ${column}+${length} ${hint ?? ''}`)
}

const QUOTES = 'put the whole sentence in quotes'

test.each([
  ['whole', 'if method POST use none else x-key', []],
  ['in quotes', "'if method POST use none # else x-key'", null],
  ['cut off', 'if method POST use none # else x-key', [`cut-off-sentence 33+12 ${QUOTES}`]],
  ['cut off behind more space', 'use none   #use x', [`cut-off-sentence 20+6 ${QUOTES}`]],
  ['with a comment', 'use none # as others have it', []],
  ['with a comment that names a word later', 'use none # not used: else x', []],
  [
    'cut off where it can not be read',
    'if method POST # use none',
    [`bad-sentence 23+1 YAML takes "# use none" for a comment; ${QUOTES}`],
  ],
  ['that can not be read', 'if method POST', ['bad-sentence 23+1 ']],
])('a sentence %s', (_, sentence, wanted) => {
  const found = findings(`    rules:\n      - ${sentence}\n`)
  if (wanted === null) expect(found.filter((one) => one.startsWith('cut-off'))).toEqual([])
  else expect(found).toEqual(wanted)
})

test('short forms are written out in rules of fallbacks too', () => {
  const { config } = load(`    fallback:
      - upstream: two
        rules:
          - if method POST use none else x-key
`)
  expect(config?.routes[0]?.fallback[0]?.rules).toMatchObject([
    { if: { type: 'method' }, then: { use: { place: 'none' } }, else: { use: { place: {} } } },
  ])
})

test('a rule that does not fit is told as that, and the others are read all the same', () => {
  const { diagnostics } = load('    rules:\n      - { uses: x }\n      - use\n')
  expect(diagnostics.map(({ code, line }) => `${code} ${line}`).sort()).toEqual([
    'bad-sentence 9',
    'unknown-key 8',
  ])
})

test.each([
  ['a text that looks like a template', '"${env.A} ${"', '${env.A} ${'],
  ['two of them', '"a${env.A}b${env.B}c"', 'a1b2c'],
  ['one that stays', '"${request.id}${env.A}"', '${request.id}1'],
])('the environment in a name: %s', (_, written, wanted) => {
  const { config } = loadConfig(
    {
      file: 'f',
      text: `version: 1\nsecrets: { a: { file: ${written} } }\nupstreams: { one: https://one.test }\n`,
    },
    { catalogue: loadCatalogue(), env: { A: '1', B: '2' } },
  )
  expect(config?.secrets[0]?.sources).toEqual([{ file: wanted }])
})

test('a variable that is not set is told with what would stand for it', () => {
  const { diagnostics } = load('secrets: { a: { file: "${env.GONE}" } }\n')
  expect(diagnostics.map(({ code, hint }) => [code, hint])).toContainEqual([
    'missing-env',
    'set it before Keyway starts, or say what stands for it: ${env.GONE:-VALUE}',
  ])
})
