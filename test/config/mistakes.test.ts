import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

/** A mistake that people make: where it stands, and words that a finding about it holds. */
interface Mistake {
  readonly name: string
  readonly line: number
  readonly says: readonly string[]
}

const folder = new URL('../fixtures/diagnostics/mistakes/', import.meta.url)

// Written down before the checks were looked at.
const mistakes = JSON.parse(readFileSync(new URL('causes.json', folder), 'utf8')) as Mistake[]

describe('a mistake has one finding, which names its cause', () => {
  test.each(mistakes)('$name', ({ name, line, says }) => {
    const text = readFileSync(new URL(`${name}.yaml`, folder), 'utf8')
    const options = { catalogue: loadCatalogue(), env: { A: 'FAKE' } }
    const { diagnostics } = loadConfig({ file: 'f', text }, options)
    expect(diagnostics).toHaveLength(1)
    const [first] = diagnostics
    expect(first?.line).toBe(line)
    const words = `${first?.path}: ${first?.message}; ${first?.hint}`
    expect(says.filter((word) => !words.includes(word))).toEqual([])
  })
})
