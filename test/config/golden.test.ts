import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../src/config/diagnostics/format-diagnostic.ts'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

const folder = new URL('../fixtures/diagnostics/', import.meta.url)

function filesIn(ending: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((name) => name.endsWith(ending)).toSorted()
}

const fixtures = filesIn('.yaml')

test('every golden file belongs to a fixture', () => {
  const golden = filesIn('.txt')
  expect(golden).toEqual(fixtures.map((name) => name.replace(/yaml$/, 'txt')))
})

describe('diagnostics read as the golden files say', () => {
  test.each(fixtures)('%s', async (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8')
    const options = { catalogue: loadCatalogue(), env: { HOME: '/root' } }
    const { config, diagnostics } = loadConfig({ file: basename(name), text }, options)
    const golden = new URL(name.replace(/yaml$/, 'txt'), folder).pathname
    await expect(`${diagnostics.map(formatDiagnostic).join('\n')}\n`).toMatchFileSnapshot(golden)
    const hasErrors = diagnostics.some(({ severity }) => severity === 'error')
    expect(config === null).toBe(hasErrors)
  })
})
