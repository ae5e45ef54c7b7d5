import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { installPacked, type PackedApp } from '../../support/packed-app.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

let app: PackedApp
// Whole npm runs and compilers: more than the standard time where the machine is busy.
vi.setConfig({ testTimeout: 90_000 })
beforeAll(() => {
  // Another Fastify than the package's own, as an application may have.
  app = installPacked(['@types/node@20.19.43', 'fastify@5.6.0'])
}, 120_000)
afterAll(() => app.remove(), 120_000)

test('it installs without a script of its own, and without a word about one', () => {
  expect({ status: app.installed.status, stderr: app.installed.stderr }).toMatchObject({
    status: 0,
  })
  // What a dependency's dependency wants of Node is not ours to say.
  const said = app.installed.stderr.split('\n').filter((line) => !line.includes('EBADENGINE'))
  expect(said.filter(Boolean)).toEqual([])
  expect(existsSync(join(app.folder, 'node_modules/keyway-proxy/dist/commands'))).toBe(false)
})

test('its manifest is what package managers and bundlers expect', async () => {
  const pkgDir = join(app.folder, 'node_modules/keyway-proxy')
  const { messages, pkg } = await publint({
    pkgDir,
    level: 'suggestion',
    strict: true,
    pack: false,
  })
  expect(messages.map((message) => formatMessage(message, pkg as Record<string, unknown>))).toEqual(
    [],
  )
})

test('npx in an empty folder says what to do first, and each of these steps works', () => {
  const lost = app.run('npx', ['keyway-proxy'])
  expect({ status: lost.status, stdout: lost.stdout }).toEqual({ status: 2, stdout: '' })
  expect(lost.stderr).toContain(
    '  npx keyway-proxy init anthropic openai --output config/routes.yaml',
  )
  for (const command of ['serve', 'check', 'test', 'prove']) {
    const { status, stderr } = app.run('npx', ['keyway-proxy', command])
    expect({ command, status }).toEqual({ command, status: 1 })
    expect(stderr).toMatch(
      /^Write a starting one: npx keyway-proxy init --output config\/routes.yaml$/m,
    )
    expect(stderr).not.toMatch(/^\s+at /m)
  }
  const { status, stdout } = app.run('npx', ['keyway-proxy', 'init', '-o', 'config/routes.yaml'])
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: 'config/routes.yaml is written. To serve it: npx keyway-proxy serve\n',
  })
  for (const command of ['check', 'test', 'prove'])
    expect({ command, status: app.run('keyway', [command]).status }).toEqual({ command, status: 0 })
  expect(app.run('keyway', ['--version']).stdout).toContain(version)
})

const EMBEDDED = `import { createKeyway, createLogger, ConfigurationError, type Keyway } from 'keyway-proxy'
import schema from 'keyway-proxy/schema' with { type: 'json' }

const keyway: Keyway = await createKeyway({
  config: 'embedded.yaml',
  log: createLogger({ level: 'silent' }),
  pollMs: null,
})
const { proxy, admin } = await keyway.start()
if (!('port' in proxy)) throw new Error('a port was asked for')
const answer = await fetch(\`http://127.0.0.1:\${proxy.port}/echo\`, {
  headers: { authorization: 'Bearer sk-ant-api03-FAKE' },
})
const echoed = (await answer.json()) as { headers: Record<string, string> }
await keyway.drain()
const failure: unknown = await createKeyway({ config: 'absent.yaml' }).catch((error) => error)
console.log(
  JSON.stringify([
    echoed.headers['x-api-key'],
    admin,
    keyway.snapshot.config.routes.length,
    failure instanceof ConfigurationError && failure.code,
    typeof schema,
  ]),
)
`

const CONFIG = `version: 1
server: { listen: 127.0.0.1:0, admin: off }
upstreams: { echo: builtin:echo }
routes:
  - name: echo
    match: { path: /* }
    upstream: echo
    rules: [if credential prefix sk-ant- use x-api-key]
`

test('the library is imported from it with its types, and serves', () => {
  app.write('embedded.yaml', CONFIG)
  app.write('embedded.ts', EMBEDDED)
  app.write('tsconfig.json', JSON.stringify({ compilerOptions: STRICT, files: ['embedded.ts'] }))
  const compiled = app.run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'])
  expect({ status: compiled.status, stdout: compiled.stdout }).toEqual({ status: 0, stdout: '' })
  const { stdout, stderr } = app.run(process.execPath, ['--no-warnings', 'embedded.js'])
  expect({ stdout, stderr }).toEqual({
    stdout: '["sk-ant-api…",null,1,"configuration_invalid","object"]\n',
    stderr: '',
  })
})

const STRICT = {
  target: 'es2022',
  module: 'nodenext',
  strict: true,
  exactOptionalPropertyTypes: true,
  resolveJsonModule: true,
  skipLibCheck: false,
  types: ['node'],
}

const APPLICATION = `import fastify from 'fastify'
import { keyway } from 'keyway-proxy/fastify'

const app = fastify({ logger: false })
app.post<{ Body: { a: number } }>('/own', async ({ body }) => ({ a: body.a + 1 }))
await app.register(keyway, { prefix: '/llm', config: 'embedded.yaml' })
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(app.listeningOrigin)
process.once('SIGTERM', () => void app.close())
`

test('its plugin serves a file inside a Fastify application, and follows it', async () => {
  app.write('embedded.yaml', CONFIG)
  app.write('application.ts', APPLICATION)
  app.write('tsconfig.json', JSON.stringify({ compilerOptions: STRICT, files: ['application.ts'] }))
  const compiled = app.run(join(root, 'node_modules/.bin/tsc'), ['-p', '.'])
  expect({ status: compiled.status, stdout: compiled.stdout }).toEqual({ status: 0, stdout: '' })
  const child = spawn(process.execPath, ['application.js'], {
    cwd: app.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { value: origin } = await lines.next()
  const own = await fetch(`${origin}/own`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  })
  const headers = { authorization: 'Bearer sk-ant-api03-FAKE' }
  const below = await fetch(`${origin}/llm/echo`, { headers })
  expect([await own.json(), ((await below.json()) as Echoed).headers['x-api-key']]).toEqual([
    { a: 2 },
    'sk-ant-api…',
  ])
  app.write('embedded.yaml', CONFIG.replace('/*', '/new/*'))
  expect(JSON.parse((await lines.next()).value).msg).toBe('configuration applied')
  expect((await fetch(`${origin}/llm/echo`, { headers })).status).toBe(404)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

interface Echoed {
  readonly headers: Readonly<Record<string, string>>
}
