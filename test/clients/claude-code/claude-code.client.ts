import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { closeAfter } from '../../support/start-pair.ts'
import { claudeCodeApi, type Turns } from '../support/claude-code-api.ts'
import type { FakeProvider } from '../support/fake-provider.ts'
import { startServed } from '../support/start-served.ts'
import type { Shipped } from '../support/start-shipped.ts'
import { type ClaudeCodeRun, runClaudeCode } from './run-claude-code.ts'

const API_KEY = 'sk-ant-api03-FAKE'
const OTHER_KEY = 'sk-ant-api03-FAKE2'
const OAUTH = 'sk-ant-oat01-FAKE'
const AS_API_KEY = 'x-api-key: sk-ant-api03-FAKE'
const AS_BEARER = 'authorization: Bearer sk-ant-oat01-FAKE'

/** A home of its own, and Keyway's shipped file before a provider that plays three turns a prompt. */
interface Session {
  readonly provider: FakeProvider
  readonly keyway: Shipped
  readonly say: (prompt: string, args?: readonly string[]) => Promise<ClaudeCodeRun>
}

async function startSession(env: Readonly<Record<string, string>>): Promise<Session> {
  const home = await mkdtemp(join(tmpdir(), 'keyway-claude-code-'))
  await writeFile(join(home, 'note.txt'), 'a note that only the tool can read\n')
  const api = claudeCodeApi(threeTurns(join(home, 'note.txt')))
  const { keyway, providers, close } = await startServed({ anthropic: api })
  closeAfter(close)
  closeAfter(() => rm(home, { recursive: true, force: true }))
  return {
    provider: providers.anthropic,
    keyway,
    say: (prompt, args = []) => {
      const ANTHROPIC_BASE_URL = `${keyway.url}/anthropic`
      return runClaudeCode({ home, prompt, args, env: { ...env, ANTHROPIC_BASE_URL } })
    },
  }
}

function threeTurns(file: string): Turns {
  return [
    [
      { type: 'text', text: 'First I say hi.' },
      { type: 'tool_use', id: '', name: 'Bash', input: { command: 'echo hi' } },
    ],
    [
      { type: 'text', text: 'Then I read.' },
      { type: 'tool_use', id: '', name: 'Read', input: { file_path: file } },
    ],
    [{ type: 'text', text: 'Both are done.' }],
  ]
}

interface Row {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly settings?: Readonly<Record<string, string>>
  readonly leaves: string
}

const rows: Row[] = [
  { name: 'an API key', env: { ANTHROPIC_API_KEY: API_KEY }, leaves: AS_API_KEY },
  { name: 'an auth token', env: { ANTHROPIC_AUTH_TOKEN: API_KEY }, leaves: AS_API_KEY },
  { name: 'an OAuth token', env: { CLAUDE_CODE_OAUTH_TOKEN: OAUTH }, leaves: AS_BEARER },
  {
    name: 'API key and auth token, the same',
    env: { ANTHROPIC_API_KEY: API_KEY, ANTHROPIC_AUTH_TOKEN: API_KEY },
    leaves: AS_API_KEY,
  },
  {
    name: 'an apiKeyHelper, which puts its key in both headers',
    env: {},
    settings: { apiKeyHelper: `echo ${API_KEY}` },
    leaves: AS_API_KEY,
  },
]

const finished = { type: 'result', is_error: false, num_turns: 3, result: 'Both are done.' }

test.each(rows)('Claude Code, $name: no 401', async ({ env, settings = {}, leaves }) => {
  const { provider, keyway, say } = await startSession(env)
  const args = ['--settings', JSON.stringify(settings), '--allowedTools', 'Bash(echo:*)', 'Read']

  const first = await say('Say hi, then read note.txt.', args)
  expect(first.events.at(-1), first.errors).toMatchObject(finished)
  const second = await say('Once more.', [...args, '--continue'])
  expect(second.events.at(-1), second.errors).toMatchObject(finished)
  expect([first.exitCode, second.exitCode]).toEqual([0, 0])

  const retries = [...first.events, ...second.events].filter(
    ({ subtype }) => subtype === 'api_retry',
  )
  expect(retries).toEqual([])
  expect(keyway.logged.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([])

  const [, afterBash, afterRead, , , last] = provider.requests
  expect(afterBash?.body).toContain('"content":"hi"')
  expect(afterRead?.body).toContain('a note that only the tool can read')
  expect(last?.body).toContain('Once more.')
  const sent = provider.requests.map(({ method, target, credentials }) =>
    [method, target, ...credentials].join(' '),
  )
  expect(sent).toEqual(Array(6).fill(`POST /v1/messages?beta=true ${leaves}`))
})

test('Claude Code, two different keys: it is told, and nothing leaves', async () => {
  const env = { ANTHROPIC_API_KEY: API_KEY, ANTHROPIC_AUTH_TOKEN: OTHER_KEY }
  const { provider, say } = await startSession(env)
  const { events, exitCode } = await say('Hi')
  expect(events.at(-1)).toMatchObject({
    is_error: true,
    api_error_status: 400,
    // It takes any message that names the header x-api-key for this.
    result: 'Invalid API key · Fix external API key',
  })
  expect(exitCode).toBe(1)
  expect(provider.requests).toEqual([])
})
