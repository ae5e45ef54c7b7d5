import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { Diagnostic } from '../../src/config/shapes/diagnostic.ts'
import { DIAGNOSTIC_CODES } from '../../src/config/shapes/diagnostic-code.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { withThoroughProof } from '../../src/loading/with-proof.ts'

const page = readFileSync(new URL('../../docs/diagnostics.md', import.meta.url), 'utf8')

const sections = page
  .split(/^### /m)
  .slice(1)
  .map((section) => ({
    code: section.slice(0, section.indexOf('\n')),
    severity: /^(Error|Warning)\./m.exec(section)?.[1]?.toLowerCase(),
    examples: [...section.matchAll(/^```yaml\n(.*?)^```$/gms)].map((match) => match[1] as string),
  }))

const examples = sections.flatMap(({ code, severity, examples: [wrong, right] }) =>
  wrong === undefined || right === undefined ? [] : [{ code, severity, wrong, right }],
)

/** The examples leave out what all files have. */
function complete(example: string): string {
  const isWhole = /^version:/m.test(example) || example.startsWith('#')
  const head = isWhole ? '' : 'version: 1\n'
  const upstreams =
    isWhole || /^upstreams:/m.test(example) ? '' : 'upstreams: { echo: builtin:echo }\n'
  return head + upstreams + example
}

function check(example: string): readonly Diagnostic[] {
  const options = { catalogue: loadCatalogue(), env: { HOME: '/root' } }
  const source = { file: 'example.yaml', text: complete(example) }
  return loadConfig(source, withThoroughProof(options)).diagnostics
}

describe('docs/diagnostics.md', () => {
  test.each(examples)('the wrong example of $code', ({ code, severity, wrong }) => {
    const found = check(wrong).map((diagnostic) => [diagnostic.code, diagnostic.severity])
    expect(found).toContainEqual([code, severity])
  })

  test.each(examples)('the right example of $code', ({ code, right }) => {
    const found = check(right).filter((one) => one.severity === 'error' || one.code === code)
    expect(found).toEqual([])
  })

  test('has a section for every code, and for nothing else', () => {
    expect(sections.map(({ code }) => code)).toEqual(DIAGNOSTIC_CODES)
  })
})
