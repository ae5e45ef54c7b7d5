import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anthropicApi } from '../support/anthropic-api.ts'
import { geminiApi } from '../support/gemini-api.ts'
import { openaiApi } from '../support/openai-api.ts'
import { type Served, startServed } from '../support/start-served.ts'

const page = new URL('../../../docs/clients.md', import.meta.url)
const blocks = [...(await readFile(page, 'utf8')).matchAll(/```(js|sh)\n(.*?)```/gs)]
  .map(([, language = '', text = '']) => ({ language, text, name: text.split('\n')[0] ?? '' }))
  .filter(({ text }) => !/ (claude|gemini) /.test(text))

const env = {
  PATH: process.env.PATH,
  ANTHROPIC_API_KEY: 'sk-ant-api03-FAKE',
  ANTHROPIC_OAUTH_TOKEN: 'sk-ant-oat01-FAKE',
  OPENAI_API_KEY: 'sk-proj-FAKE',
  GEMINI_API_KEY: 'AIzaFAKE',
}

let served: Served<'anthropic' | 'openai' | 'gemini'>
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(fileURLToPath(new URL('./node_modules/.docs-', import.meta.url)))
  served = await startServed({ anthropic: anthropicApi, openai: openaiApi, gemini: geminiApi })
})

afterAll(async () => {
  await served.close()
  await rm(folder, { recursive: true, force: true })
})

test.each(blocks)('docs/clients.md: $language, $name', async ({ language, text }) => {
  const here = text.replaceAll('http://127.0.0.1:8080', served.keyway.url)
  const file = join(folder, language === 'js' ? 'block.mjs' : 'block.sh')
  await writeFile(file, language === 'js' ? here : `set -eu\n${here}`)
  const program = language === 'js' ? process.execPath : 'bash'
  const { stdout } = await promisify(execFile)(program, [file], { env, timeout: 60_000 })
  expect(stdout).toMatch(
    language === 'js' ? /^Hello, Wörld\n$/ : /claude-test.*gpt-test.*gemini-test/s,
  )
})
