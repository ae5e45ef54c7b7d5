import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

const LINES = `version: 1
server:
  listen: 127.0.0.1:8080
  limits:
    body: 1MiB
secrets:
  a: { env: A }
upstreams:
  api:
    url: https://api.example.com
    accepts: [openai]
  echo: builtin:echo
routes:
  - name: one
    match:
      path: /one/*
      methods: [GET, POST]
    rewrite: { strip: /one }
    upstream: api
    rules:
      - name: first
        if: { credential: { kind: openai } }
        use: authorization bearer
      - if method POST use x-api-key else none
  - name: two
    match: { path: /two/* }
    upstream: echo
    request:
      set:
        x-team: red
        x-other: "\${secret.a}"
tests:
  - name: t
    request: { path: /one/x }
    expect: { route: one }`.split('\n')

/** A slip of the keyboard: the line as it then is; null where it can't happen. */
type Slip = (line: string) => string | null

const SLIPS: readonly (readonly [string, Slip])[] = [
  ['tabs in place of spaces', replaced(/^ +/, (space) => '\t'.repeat(space.length / 2))],
  ['a tab after the spaces', replaced(/^ +/, (space) => `${space}\t`)],
  ['one space more', (line) => ` ${line}`],
  ['one space less', replaced(/^ /, () => '')],
  ['no colon', replaced(/(?<=^[\s-]*[\w-]+):/, () => '')],
  ['no space after the colon', replaced(/: /, () => ':')],
  ['no space after the dash', replaced(/- /, () => '-')],
  ['no dash', replaced(/- /, () => '  ')],
  ['no closing brace', replaced(/}(?=[^}]*$)/, () => '')],
  ['no opening brace', replaced(/{/, () => '')],
  ['no closing bracket', replaced(/]/, () => '')],
  ['a quote that is never closed', replaced(/: (?=\w)/, () => ': "')],
  ['a colon inside a text', replaced(/: (?=\w)/, () => ': x: ')],
]

function replaced(what: RegExp, by: (found: string) => string): Slip {
  return (line) => (what.test(line) ? line.replace(what, by) : null)
}

function check(lines: readonly string[]): readonly Diagnostic[] {
  const options = { catalogue: loadCatalogue(), env: { A: 'FAKE' } }
  return loadConfig({ file: 'f', text: `${lines.join('\n')}\n` }, options).diagnostics
}

function findingsOf(slip: Slip): { line: string; findings: string[] }[] {
  return LINES.flatMap((line, index) => {
    const slipped = slip(line)
    if (slipped === null) return []
    const findings = check(LINES.with(index, slipped)).map(
      ({ line: at, code, message }) => `${at - index - 1} ${code} ${message}`,
    )
    return [{ line: slipped, findings }]
  })
}

test('the file without a slip has no findings', () => {
  expect(check(LINES)).toEqual([])
})

describe('one slip of the keyboard has one finding', () => {
  test.each(SLIPS)('%s', (_, slip) => {
    const many = findingsOf(slip).filter(({ findings }) => findings.length > 1)
    expect(many.filter(({ line }) => line !== '  -name: one')).toEqual([])
  })

  test.each(SLIPS.filter(([name]) => !/space (more|less)|no dash/.test(name)))(
    'on its own line: %s',
    (_, slip) => {
      const found = findingsOf(slip).map(({ findings }) => findings[0]?.split(' ')[0] ?? '0')
      expect(found.filter((away) => away !== '0' && away !== '-1')).toEqual([])
    },
  )
})
