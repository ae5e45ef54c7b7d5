import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveStartingFile } from '../support/serve-starting-file.ts'

const TOKEN = 'TESTtoken0123456789abcdef'

/** A command line that asks one question. */
interface CommandLine {
  readonly provider: string
  readonly client: string
  readonly key: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: (baseUrl: string, key: string) => Readonly<Record<string, string>>
  readonly settings: { readonly file: string; readonly content: (baseUrl: string) => string }
  readonly sent: string
  readonly leaves: (key: string) => string
}

const page = await readFile(new URL('../../../docs/clients.md', import.meta.url), 'utf8')

/** The page's one block in a language. */
function blockOf(language: 'toml' | 'json'): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? ''
}

const commands: readonly CommandLine[] = [
  {
    provider: 'openai',
    client: 'codex',
    key: 'sk-proj-FAKE',
    command: 'codex',
    args: ['exec', '--skip-git-repo-check', 'Hi'],
    env: (_, key) => ({ CODEX_API_KEY: key }),
    settings: {
      file: '.codex/config.toml',
      content: (url) => blockOf('toml').replace('http://127.0.0.1:8080/openai/v1', url),
    },
    sent: 'GET /v1/responses',
    leaves: (key) => `authorization: Bearer ${key}`,
  },
  {
    provider: 'gemini',
    client: 'gemini',
    key: 'AIzaFAKE',
    command: 'gemini',
    args: ['--skip-trust', '-m', 'gemini-test', '-p', 'Hi'],
    env: (url, key) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
    settings: { file: '.gemini/settings.json', content: () => blockOf('json') },
    sent: 'POST /v1beta/models/gemini-test:streamGenerateContent?alt=sse',
    leaves: (key) => `x-goog-api-key: ${key}`,
  },
]

const own = await serveStartingFile()
const operated = await serveStartingFile({
  token: TOKEN,
  keys: {
    openai: { header: 'authorization', scheme: 'Bearer', value: 'sk-proj-OPERATOR-FAKE' },
    gemini: { header: 'x-goog-api-key', scheme: null, value: 'AIzaOPERATOR-FAKE' },
  },
})

let home: string

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyway-commands-'))
})

afterAll(() => rm(home, { recursive: true, force: true }))

async function ask({ command, args, env, settings }: CommandLine, url: string, key: string) {
  await mkdir(join(home, dirname(settings.file)), { recursive: true })
  await writeFile(join(home, settings.file), settings.content(url))
  const program = fileURLToPath(new URL(`./node_modules/.bin/${command}`, import.meta.url))
  const running = promisify(execFile)(program, [...args], {
    cwd: home,
    env: { PATH: process.env.PATH, HOME: home, ...env(url, key) },
    timeout: 60_000,
  })
  running.child.stdin?.end()
  return (await running).stdout
}

test.each(commands)('$client, with a key of its own', async (line) => {
  const { provider, client, key, sent, leaves } = line
  expect(await ask(line, own.baseUrlOf(provider, client), key)).toContain('Hello, Wörld')
  const { requests } = own.provider
  expect(requests.map(({ method, target }) => `${method} ${target}`)).toContain(sent)
  for (const { credentials } of requests) expect(credentials).toEqual([leaves(key)])
})

test.each(commands)('$client, with a client token as its key', async (line) => {
  const { provider, client, key, sent, leaves } = line
  expect(await ask(line, operated.baseUrlOf(provider, client), TOKEN)).toContain('Hello, Wörld')
  const { requests } = operated.provider
  expect(requests.map(({ method, target }) => `${method} ${target}`)).toContain(sent)
  const operatorKey = key.replace('FAKE', 'OPERATOR-FAKE')
  for (const { credentials } of requests) expect(credentials).toEqual([leaves(operatorKey)])
  expect(JSON.stringify(requests.map(({ headers }) => headers))).not.toContain(TOKEN)
})
