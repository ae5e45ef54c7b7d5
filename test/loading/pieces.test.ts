import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { cutResult, joinResult } from '../../src/loading/pieces.ts'

const shipped = fileURLToPath(new URL('../../config/routes.yaml', import.meta.url))

function load(text: string): ReturnType<typeof loadConfig> {
  return loadConfig({ file: 'routes.yaml', text }, { catalogue: loadCatalogue(), env: {} })
}

function routes(count: number, upstream: string): string {
  const lines = Array.from({ length: count }, (_, index) => {
    return `  - { name: r${index}, match: { path: /r${index}/* }, upstream: ${upstream} }`
  })
  return `version: 1\nupstreams: { one: builtin:echo }\nroutes:\n${lines.join('\n')}\n`
}

test.each([
  { name: 'the shipped file', text: readFileSync(shipped, 'utf8'), pieces: 4 },
  { name: 'more routes than one piece holds', text: routes(450, 'one'), pieces: 5 },
  { name: 'more errors than one piece holds', text: routes(450, 'two'), pieces: 4 },
  { name: 'no YAML', text: 'routes: [', pieces: 2 },
])('$name is whole after it was cut', ({ text, pieces: count }) => {
  const result = load(text)
  const pieces = cutResult(result)
  expect(pieces).toHaveLength(count)
  expect(pieces.map(({ isLast }) => isLast).indexOf(true)).toBe(count - 1)
  expect(joinResult(structuredClone(pieces))).toEqual(result)
})
