import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
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
