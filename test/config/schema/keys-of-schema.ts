import { readFileSync } from 'node:fs'
import type { Schema } from '../../../src/config/schema/schema-error.ts'

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/routes.schema.json', import.meta.url), 'utf8'),
) as Schema

/** Keys from the top of a file to a place in it; an item is 0. */
export type Way = readonly (string | number)[]

/** A key of the format. */
export interface Key {
  readonly way: Way
  readonly schema: Schema
}

/** Every key of the format, each map once; a name is called `one`. */
export const KEYS: readonly Key[] = keysOf(schema, [], new Set())

function keysOf(node: Schema, way: Way, seen: Set<Schema>): readonly Key[] {
  const here = resolve(node)
  if (seen.has(here)) return []
  seen.add(here)
  const keys = Object.entries((here.properties ?? {}) as Record<string, Schema>)
  const next: [string | number, Schema][] = [...keys]
  if (typeof here.items === 'object') next.push([0, here.items as Schema])
  if (typeof here.additionalProperties === 'object')
    next.push(['one', here.additionalProperties as Schema])
  return [
    ...keys.map(([key, child]) => ({
      way: [...way, key],
      schema: { ...resolve(child), ...child },
    })),
    ...next.flatMap(([step, child]) => keysOf(child, [...way, step], seen)),
  ]
}

function resolve(node: Schema): Schema {
  if (typeof node.$ref !== 'string') return node
  const steps = node.$ref.split('/').slice(1)
  return steps.reduce((inner, step) => inner[step] as Schema, schema)
}
