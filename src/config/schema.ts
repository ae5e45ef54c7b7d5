import { readFileSync } from 'node:fs'
import { Ajv, type ErrorObject } from 'ajv'
import { type Document, isContainer, type Path } from './document.ts'
import type { Finding } from './finding.ts'
import { describeError } from './schema-errors.ts'

/** A JSON Schema, or a part of one. */
export interface Schema {
  readonly [keyword: string]: unknown
}

const SCHEMA_FILE = new URL('../../schemas/routes.schema.json', import.meta.url)

/** Reads the JSON Schema that ships with Keyway, as text. */
export function readSchema(): string {
  return readFileSync(SCHEMA_FILE, 'utf8')
}

let compiled: Validate | null = null

type Validate = (value: unknown) => readonly ErrorObject[]

/** Checks a document against the schema; every finding points at the node that is wrong. */
export function validateSchema(document: Document): readonly Finding[] {
  compiled ??= compile(JSON.parse(readSchema()))
  const errors = compiled(document.value)
  return errors.flatMap((error) => {
    const path = toPath(document.value, error.instancePath)
    return describeError(document, path, error)
  })
}

function compile(schema: Schema): Validate {
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    strictRequired: false,
    allowUnionTypes: true,
    addUsedSchema: false,
  })
  const validate = ajv.compile(branchOnType(schema) as Schema)
  return (value) => (validate(value) ? [] : (validate.errors ?? []))
}

/**
 * Rewrites `anyOf` whose branches are told apart by their type into `if` the type fits `then` the
 * branch, so that only the branch that was meant reports its errors.
 */
function branchOnType(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(branchOnType)
  if (!isContainer(schema)) return schema
  const { anyOf, ...rest } = mapValues(schema as Schema, branchOnType)
  if (!Array.isArray(anyOf)) return rest
  const branches = anyOf as Schema[]
  return {
    ...rest,
    type: branches.map((branch) => branch.type),
    allOf: branches.map((branch) => ({ if: { type: branch.type }, then: branch })),
  }
}

function mapValues(schema: Schema, change: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, change(value)]))
}

function toPath(root: unknown, pointer: string): Path {
  const path: (string | number)[] = []
  let node = root
  for (const raw of pointer.split('/').slice(1)) {
    const key = raw.replaceAll('~1', '/').replaceAll('~0', '~')
    const step = Array.isArray(node) ? Number(key) : key
    path.push(step)
    node = isContainer(node) ? (node as Record<string | number, unknown>)[step] : undefined
  }
  return path
}
