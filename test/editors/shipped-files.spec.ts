import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LanguageServer, startLanguageServer } from './language-server.ts'
import { describeDiagnostic } from './marked-document.ts'

let server: LanguageServer
beforeAll(async () => {
  server = await startLanguageServer()
})
afterAll(() => server.stop())

const FILES = ['config', 'config/examples'].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}/${name}`),
)
const SCHEMA_LINE = /^# yaml-language-server: \$schema=(\S+)\n/

describe('a shipped file opens in an editor without a finding', () => {
  it.concurrent.each(FILES)('%s', async (file) => {
    const text = readFileSync(file, 'utf8')
    const diagnostics = await server.diagnose(pathToFileURL(file).href, text)
    expect(diagnostics.map((diagnostic) => describeDiagnostic(text, diagnostic))).toEqual([])
  })
})

describe('a shipped file names its schema', () => {
  it.each(FILES)('%s', (file) => {
    const path = SCHEMA_LINE.exec(readFileSync(file, 'utf8'))?.[1] ?? 'none'
    const schema = resolve(dirname(file), path)
    const name = file === 'config/credentials.yaml' ? 'credentials' : 'routes'
    expect(schema).toBe(resolve(`schemas/${name}.schema.json`))
    expect(existsSync(schema)).toBe(true)
  })

  it.concurrent.each(FILES)('%s is checked by it', async (file) => {
    const text = `${readFileSync(file, 'utf8')}\nunknown-key: 1\n`
    const uri = pathToFileURL(file.replace('.yaml', '-with-unknown-key.yaml')).href
    const diagnostics = await server.diagnose(uri, text)
    expect(diagnostics.map((diagnostic) => describeDiagnostic(text, diagnostic))).toEqual([
      'unknown-key: Property unknown-key is not allowed.',
    ])
  })
})
