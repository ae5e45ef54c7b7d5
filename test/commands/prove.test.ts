import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type CommandOutcome, run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-prove-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FILE = `version: 1
upstreams:
  up: { url: https://api.example.com, accepts: [openai, unknown] }
  far: https://far.example.com
routes:
  - { name: a, match: { path: /a/* }, upstream: up, rules: [{ name: key, use: x-api-key }] }
  - { name: b, match: { path: /b }, upstream: far }
`

function prove(text: string, ...args: string[]): Promise<CommandOutcome> {
  writeFileSync(join(folder, 'routes.yaml'), text)
  return run(['prove', ...args, 'routes.yaml'], { cwd: folder })
}

/** Numbers of classes and requests as N. */
const counted = (text: string): string => text.replaceAll(/\b\d+(?= (?:classes|decided))/g, 'N')

const PROMISES = `routes.yaml: Keyway's own promises
  holds       no credential leaves but the one, and those that the file lets go along (N classes of decisions, a request of each decided)
  holds       no credential leaves for an upstream that does not accept its kind (N classes of decisions, a request of each decided)
  holds       no client's token leaves (N classes of decisions, a request of each decided)
`

test('a file without invariants: the promises of Keyway hold', async () => {
  const { code, stdout, stderr } = await prove(FILE)
  expect({ code, stderr, stdout: counted(stdout) }).toEqual({
    code: 0,
    stderr: '',
    stdout: `${PROMISES}it has no invariants\n`,
  })
})

const KEPT = '  - { name: a is alone, for: { path: { prefix: /a/ } }, never: { upstream: far } }\n'
const BROKEN = '  - { name: none is far, never: { upstream: far } }\n'

test('an invariant that holds, and one that a request breaks', async () => {
  const { code, stdout, stderr } = await prove(`${FILE}invariants:\n${KEPT}${BROKEN}`)
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(counted(stdout)).toBe(`${PROMISES}and its invariants
  holds       a is alone (N classes of decisions)
  broken      none is far: its "never"
              curl http://127.0.0.1:8080/b
              forwarded to "far" by route "b", at routes.yaml:7
`)
})

test.each([
  ['never', 'never: { route: b }, always: { forward: true }'],
  ['always', 'never: { secret: none }, always: { upstream: up }'],
  ['always', 'always: { upstream: up }'],
])('it says that "%s" is broken of an invariant: %s', async (claim, claims) => {
  const invariants = `secrets: { none: { env: NONE } }\ninvariants: [{ name: it, for: { path: /b }, ${claims} }]\n`
  const { stdout } = await prove(`${FILE}${invariants}`)
  expect(stdout).toContain(`  broken      it: its "${claim}"\n`)
  const json = await prove(`${FILE}${invariants}`, '--format', 'json')
  expect(JSON.parse(json.stdout).invariants).toMatchObject([{ verdict: 'broken', claim }])
})

test('one of which there is no telling is not shown', async () => {
  const unsure =
    '  - { name: no trace, for: { header: { traceparent: { present: false } } }, never: { header: { traceparent: present } } }\n'
  const { code, stdout } = await prove(`${FILE}invariants:\n${unsure}`)
  expect(stdout).toContain('  can\'t tell  no trace: its "never"\n')
  expect(code).toBe(1)
})

test('the same as JSON', async () => {
  const { code, stdout } = await prove(`${FILE}invariants:\n${KEPT}${BROKEN}`, '--format', 'json')
  expect(code).toBe(1)
  const { file, promises, invariants } = JSON.parse(stdout)
  expect(file).toBe('routes.yaml')
  expect(promises.map(({ verdict }: { verdict: string }) => verdict)).toEqual(
    Array.from({ length: 3 }, () => 'holds'),
  )
  expect(invariants).toEqual([
    {
      name: 'a is alone',
      verdict: 'holds',
      claim: null,
      proof: expect.stringMatching(/^\d+ classes of decisions$/),
      witness: null,
      decision: null,
    },
    {
      name: 'none is far',
      verdict: 'broken',
      claim: 'never',
      proof: 'curl http://127.0.0.1:8080/b',
      witness: 'curl http://127.0.0.1:8080/b',
      decision: 'forwarded to "far" by route "b", at routes.yaml:7',
    },
  ])
})

test.each([
  { name: 'two files', args: ['a.yaml'], code: 2, stderr: 'keyway: prove takes one file\n' },
  { name: 'a format that is none', args: ['--format=xml'], code: 2, stderr: 'keyway: --format is' },
])('wrong usage: $name', async ({ args, code, stderr }) => {
  const outcome = await prove(FILE, ...args)
  expect(outcome).toMatchObject({ code, stdout: '' })
  expect(outcome.stderr.startsWith(stderr)).toBe(true)
})

test('a file that is wrong', async () => {
  const { code, stdout, stderr } = await prove('version: 2\n')
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('routes.yaml:1:10 error')
})
