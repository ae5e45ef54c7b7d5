import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { FORMATS } from '../../../src/config/schema/schema-formats.ts'

const file = new URL('../../../schemas/routes.schema.json', import.meta.url)

/** Every pattern of the schema, with what it is called there; null: nothing. */
function patternsOf(node: unknown): { pattern: string; format: unknown }[] {
  if (typeof node !== 'object' || node === null) return []
  const { pattern, 'x-format': format } = node as Record<string, unknown>
  const own = typeof pattern === 'string' ? [{ pattern, format }] : []
  return [...own, ...Object.values(node).flatMap(patternsOf)]
}

const patterns = patternsOf(JSON.parse(readFileSync(file, 'utf8')))

test('every pattern of the schema has a name that there are words for', () => {
  expect(patterns.filter(({ format }) => FORMATS[String(format)] === undefined)).toEqual([])
})

test('there are no words for what the schema does not have', () => {
  const used = new Set(patterns.map(({ format }) => format))
  expect(Object.keys(FORMATS).filter((name) => !used.has(name))).toEqual([])
})
