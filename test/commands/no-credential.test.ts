import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommand } from '../../src/commands/run-command.ts'
import { credentialValue } from '../properties/arbitrary-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-no-credential-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** All that a command writes, on both streams. */
async function output(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  let text = ''
  const write = (more: string): void => {
    text += more
  }
  await runCommand(args, { stdout: write, stderr: write, env, cwd: folder })
  return text
}

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

/** A file with a rule, its test failing on purpose, and, with `literal`, a secret where none may stand. */
const config = (credential: string, { literal = '', use = 'x-api-key' } = {}): string => `version: 1
secrets: { own: { env: OWN } }
upstreams: { up: 'https://api.example.com' }
routes:
  - name: all
    match: { path: /* }
    upstream: up
    ${literal}
    rules:
      - { if: { header: { x-own: { present: true } } }, use: { header: x-api-key, value: '\${secret.own}' } }
      - { use: ${use} }
tests:
  - name: fails
    request: { path: /v1, headers: { authorization: Bearer ${credential} } }
    expect: { path: /v2, headers: { authorization: Bearer ${credential}, x-api-key: other-${credential} } }
`

/** What `explain` says by a file without a credential. */
const explain = (...args: readonly string[]): Promise<string> => explainWith({}, ...args)

const explainWith = (env: Record<string, string>, ...args: readonly string[]): Promise<string> =>
  output(['explain', '-c', write('a.yaml', config('x')), ...args], env)

/** Every way a credential may reach a command: flags, a pasted curl, a query, the file, the environment. */
const ways: { name: string; run: (credential: string) => Promise<string> }[] = [
  {
    name: 'explain',
    run: (credential) => explain('-H', `authorization: Bearer ${credential}`, '/v1'),
  },
  {
    name: 'explain as JSON, two that conflict',
    run: (credential) =>
      explain(
        '--format',
        'json',
        '-H',
        `x-api-key: ${credential}`,
        '-H',
        `api-key: other${credential}`,
        '/v1',
      ),
  },
  {
    name: 'explain, in a cookie',
    run: (credential) => explain('-H', `cookie: a=1; session=${credential}`, '/v1'),
  },
  {
    name: 'explain, in another scheme',
    run: (credential) => explain('-H', `authorization: Basic ${credential}`, '/v1'),
  },
  {
    name: 'explain with a secret from the environment',
    run: (credential) => explainWith({ OWN: credential }, '-H', 'x-own: 1', '/v1'),
  },
  {
    name: 'explain a pasted curl',
    run: (credential) =>
      explain('curl', 'https://api.example.com/v1', '-H', `X-Api-Key: ${credential}`),
  },
  {
    name: 'explain where the rule puts it into the query',
    run: (credential) =>
      output([
        'explain',
        '-c',
        write('q.yaml', config('x', { use: 'query key' })),
        '-H',
        `authorization: Bearer ${credential}`,
        '/v1',
      ]),
  },
  { name: 'test', run: (credential) => output(['test', write('a.yaml', config(credential))]) },
  {
    name: 'test as JUnit',
    run: (credential) => output(['test', '--format', 'junit', write('a.yaml', config(credential))]),
  },
  {
    name: 'check of a literal secret',
    run: (credential) =>
      output([
        'check',
        write('l.yaml', config('x', { literal: `request: { set: { x-key: ${credential} } }` })),
      ]),
  },
  {
    name: 'check as JSON',
    run: (credential) =>
      output([
        'check',
        '--format',
        'json',
        write('l.yaml', config('x', { literal: `request: { set: { x-key: ${credential} } }` })),
      ]),
  },
  {
    name: 'diff',
    run: (credential) =>
      output([
        'diff',
        write('a.yaml', config(credential)),
        write('b.yaml', config(credential, { use: 'authorization token' })),
      ]),
  },
]

/** Keys of known kinds. */
const named = fc
  .tuple(
    fc.constantFrom('sk-ant-api03-', 'sk-ant-ort01-', 'sk-proj-', 'gsk_', 'AIza', 'ya29.', 'hf_'),
    fc.stringMatching(/^[A-Za-z0-9]{12,24}$/),
  )
  .map(([prefix, rest]) => `${prefix}FAKE${rest}`)

/** Requests that hold a key where none is looked for. */
const strays: { name: string; args: (credential: string) => readonly string[] }[] = [
  { name: 'a path', args: (key) => [`/bot/${key}/x`] },
  { name: 'an encoded path', args: (key) => [`/bot/%22${key.replaceAll('-', '%2D')}%22/x`] },
  { name: 'a parameter', args: (key) => [`/v1?next=${key}`] },
  { name: 'userinfo', args: (key) => [`https://user:${key}@api.example.com/v1`] },
  { name: 'a user', args: (key) => [`https://${key}@api.example.com/v1`] },
  { name: 'a request id', args: (key) => ['-H', `x-request-id: ${key}`, '/v1'] },
  {
    name: 'a subprotocol',
    args: (key) => [
      '-H',
      `sec-websocket-protocol: realtime, openai-insecure-api-key.${key}`,
      '/v1',
    ],
  },
  {
    name: 'a pair of subprotocols',
    args: (key) => ['-H', `sec-websocket-protocol: token, ${key}`, '/v1'],
  },
  { name: 'a first word', args: (key) => ['-H', `x-api-key: ${key} other`, '/v1'] },
  { name: 'a first word of another header', args: (key) => ['-H', `x-echo: ${key} other`, '/v1'] },
  { name: 'a list', args: (key) => ['-H', `authorization: Bearer ${key}, ${key}x`, '/v1'] },
  {
    name: 'a referer',
    args: (key) => ['-H', `referer: https://a:${key}@b.example/?k=${key}`, '/v1'],
  },
]

describe.each(strays)('explain shows no key in $name', ({ args }) => {
  test.each(['text', 'json'])('as %s', async (format) => {
    const file = write('s.yaml', config('x'))
    await fc.assert(
      fc.asyncProperty(named, async (key) => {
        const shown = await output(['explain', '-c', file, '--format', format, ...args(key)])
        expect(shown.length).toBeGreaterThan(20)
        expect(shown).not.toContain(key.slice(-8))
      }),
      { numRuns: 20 },
    )
  })
})

test.each(ways)('no credential is in what $name prints', async ({ run }) => {
  await fc.assert(
    fc.asyncProperty(credentialValue, async (credential) => {
      const text = await run(credential)
      expect(text.length).toBeGreaterThan(20)
      expect(text).not.toContain(credential)
      expect(text).not.toContain(credential.slice(-8))
    }),
    { numRuns: 25 },
  )
})
