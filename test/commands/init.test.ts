import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { run } from './run.ts'

const folder = mkdtempSync(join(tmpdir(), 'keyway-init-'))
afterAll(() => rmSync(folder, { recursive: true }))

const { providers } = loadCatalogue()

async function init(...names: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(['init', ...names])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

async function expectSound(config: string): Promise<void> {
  writeFileSync(join(folder, 'routes.yaml'), config)
  for (const command of ['check', 'test']) {
    const { code, stderr } = await run([command, 'routes.yaml'], { cwd: folder })
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' })
  }
}

test.each(providers)('what init writes for $name passes check and test', async ({ name }) => {
  const config = await init(name)
  expect(config).toContain(`\n    match: { path: /${name}/* }`)
  await expectSound(config)
})

test('without names: two providers, each kind of credential tested by where it goes', async () => {
  const config = await init()
  const routes = [...config.matchAll(/^ {2}- name: (\S+)\n {4}match/gm)].map(([, name]) => name)
  expect(routes).toEqual(['anthropic', 'openai', 'echo'])
  const tests = [...config.matchAll(/^ {2}- name: (.*)\n {4}request/gm)].map(([, name]) => name)
  expect(tests).toEqual([
    'anthropic-api-key goes to anthropic in x-api-key',
    'anthropic-oauth goes to anthropic in authorization',
    'openai goes to openai in authorization',
    'openai-legacy goes to openai in authorization',
    'openai-ephemeral goes to openai in authorization',
    'the echo takes what it is sent',
  ])
  await expectSound(config)
})

test('all providers at once, and one that is named twice is written once', async () => {
  const names = providers.map(({ name }) => name)
  expect(await init(...names, ...names)).toBe(await init(...names))
  await expectSound(await init(...names))
})

test('a provider that is none is wrong usage', async () => {
  const { code, stdout, stderr } = await run(['init', 'antropic'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('unknown provider "antropic"; did you mean "anthropic"?')
  expect((await run(['init', 'zzzzzzzzzzzz'])).stderr).toContain('; known are anthropic, ')
})

test.each([
  { wrong: 'xaj', near: '; did you mean "xai"?' },
  { wrong: 'OpenAI', near: '; did you mean "openai"?' },
  { wrong: 'xzj', near: '; known are ' },
  { wrong: 'grox', near: '; did you mean "groq"?' },
  { wrong: 'azure-openxyz', near: '; did you mean "azure-openai"?' },
  { wrong: 'azure-wxyzvu', near: '; known are ' },
])('for the unknown provider $wrong: $near', async ({ wrong, near }) => {
  const { stderr } = await run(['init', wrong])
  expect(stderr).toContain(`keyway: unknown provider "${wrong}"${near}`)
})

test.each([
  ['openai', 'codex, openai, @ai-sdk/openai, @langchain/openai', '/openai/v1'],
  ['anthropic', 'claude, @anthropic-ai/sdk, @langchain/anthropic', '/anthropic'],
  ['anthropic', '@ai-sdk/anthropic', '/anthropic/v1'],
  ['gemini', 'gemini, @google/genai, @langchain/google-genai', '/gemini'],
  ['gemini', '@ai-sdk/google', '/gemini/v1beta'],
  ['groq', 'groq-sdk', '/groq'],
  ['groq', 'openai, @ai-sdk/groq', '/groq/openai/v1'],
  ['cohere', 'cohere-ai', '/cohere'],
  ['mistral', '@mistralai/mistralai', '/mistral'],
  ['azure-openai', 'openai', '/azure-openai/openai/v1'],
])('the base URL that clients of %s accept is there: %s', async (provider, clients, path) => {
  const lines = (await init(provider)).split('\n')
  expect(lines).toContain(`    #   ${clients}: http://127.0.0.1:8080${path}`)
})

test.each([
  { name: 'by default', env: {}, line: '# To serve it as config/routes.yaml: keyway serve' },
  {
    name: 'where a variable names the file',
    env: { KEYWAY_CONFIG: 'own.yaml' },
    line: '# To serve it as own.yaml: keyway serve',
  },
])('how to serve it is there, $name', async ({ env, line }) => {
  const { stdout } = await run(['init'], { env })
  expect(stdout.split('\n')).toContain(line)
})

describe('--output', () => {
  test.each([
    { flag: '--output', file: 'config/routes.yaml', serve: 'keyway serve' },
    { flag: '-o', file: 'a/b/c.yaml', serve: 'keyway serve --config a/b/c.yaml' },
    { flag: '--config', file: 'd.yaml', serve: 'keyway serve --config d.yaml' },
  ])('writes the file and its folder: $flag $file', async ({ flag, file, serve }) => {
    rmSync(join(folder, file), { force: true })
    expect(await run(['init', 'groq', flag, file], { cwd: folder })).toEqual({
      code: 0,
      stdout: `${file} is written. To serve it: ${serve}\n`,
      stderr: '',
    })
    const text = readFileSync(join(folder, file), 'utf8')
    expect(text.split('\n')).toContain(`# To serve it as ${file}: ${serve}`)
    await expectSound(text)
  })

  test('leaves a file that is there', async () => {
    writeFileSync(join(folder, 'mine.yaml'), 'mine')
    expect(await run(['init', '--output', 'mine.yaml'], { cwd: folder })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'keyway: mine.yaml: it is there already, and stays as it is\n',
    })
    expect(readFileSync(join(folder, 'mine.yaml'), 'utf8')).toBe('mine')
  })

  test('says why it can not write', async () => {
    writeFileSync(join(folder, 'file'), '')
    const { code, stderr } = await run(['init', '--output', 'file/routes.yaml'], { cwd: folder })
    expect(code).toBe(1)
    expect(stderr).toMatch(/^keyway: file\/routes\.yaml: it can't be written \([A-Z]+\)\n$/)
  })

  test('writes nothing for a provider that is none', async () => {
    const { code } = await run(['init', 'grok', '--output', 'none.yaml'], { cwd: folder })
    expect(code).toBe(2)
    expect(existsSync(join(folder, 'none.yaml'))).toBe(false)
  })
})

test('serve without a file names init', async () => {
  const { code, stderr } = await run(['serve'], { env: { KEYWAY_CONFIG: 'gone/routes.yaml' } })
  expect(code).toBe(1)
  expect(stderr).toBe(
    'keyway: gone/routes.yaml: there is no such file\nWrite a starting one: keyway init --output gone/routes.yaml\n',
  )
})
