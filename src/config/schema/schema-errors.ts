import type { ErrorObject } from 'ajv'
import type { Finding } from '../diagnostics/finding.ts'
import { listWords, suggest } from '../diagnostics/suggest.ts'
import { type Document, isContainer, type Path } from '../text/document.ts'
import type { SchemaError, Words } from './schema-error.ts'
import { FORMATS, NAME_RULE } from './schema-formats.ts'
import { hintForType } from './type-hints.ts'
import { describeUnknownKey } from './unknown-key.ts'

/** Says in plain words what one error of the JSON Schema validator means; nothing where another error says it. */
export function describeError(document: Document, path: Path, error: ErrorObject): Finding[] {
  const describe = DESCRIBE[error.keyword]
  if (!describe) return []
  const words = describe({ document, path, error, schema: error.parentSchema ?? {} })
  return words ? [{ severity: 'error', path, ...words }] : []
}

const DESCRIBE: Readonly<Record<string, (error: SchemaError) => Words | null>> = {
  additionalProperties: describeUnknownKey,
  type: describeType,
  required: describeMissing,
  enum: describeChoice,
  const: ({ error }) => ({
    code: 'wrong-value',
    message: `must be ${JSON.stringify(error.params.allowedValue)}, not ${show(error.data)}`,
  }),
  pattern: describePattern,
  minimum: describeRange,
  maximum: describeRange,
  minLength: () => ({ code: 'empty', message: 'the text is empty' }),
  minItems: () => ({
    code: 'empty',
    message: 'the list is empty',
    hint: 'leave it out, or name something',
  }),
  minProperties: describeEmptyMap,
  maxProperties: ({ error }) => ({
    code: 'secret-source',
    message: `holds ${listWords(Object.keys(error.data as object))}, but only one of them can be`,
  }),
  propertyNames: ({ path, error }) => ({
    code: 'bad-name',
    path: [...path, error.params.propertyName as string],
    part: 'key',
    message: `${show(error.params.propertyName)} is no name`,
    hint: NAME_RULE,
  }),
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'a map',
  array: 'a list',
  null: 'nothing',
}

function describeType(schemaError: SchemaError): Words | null {
  const { error, schema } = schemaError
  const wanted = [schema.type].flat() as string[]
  const message = `must be ${listWords(
    wanted.map((type) => TYPES[type] ?? type),
    'or',
  )}, not ${describeValue(error.data)}`
  const hint = hintForType(schemaError)
  return { code: 'wrong-type', message, ...(hint ? { hint } : {}) }
}

function describeMissing({ path, error }: SchemaError): Words {
  return {
    code: 'missing-key',
    part: 'key',
    path,
    message: `${nounOf(path)} has no "${error.params.missingProperty}"`,
    ...(path.length === 0 ? { hint: 'write "version: 1"' } : {}),
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  routes: 'this route',
  rules: 'this rule',
  tests: 'this test',
}

function nounOf(path: Path): string {
  if (path.length === 0) return 'the file'
  const last = path.at(-1)
  return (typeof last === 'number' ? NOUNS[String(path.at(-2))] : `"${last}"`) ?? 'this'
}

function describeChoice({ error }: SchemaError): Words {
  const allowed = (error.params.allowedValues as unknown[]).map(String)
  const near = typeof error.data === 'string' ? suggest(error.data, allowed) : null
  return {
    code: 'wrong-value',
    message: `must be ${listWords(allowed, 'or')}, not ${describeValue(error.data)}`,
    ...(near ? { hint: `did you mean "${near}"?` } : {}),
  }
}

function describeRange({ error }: SchemaError): Words {
  const { comparison, limit } = error.params as { comparison: string; limit: number }
  const bound = comparison === '>=' ? 'at least' : 'at most'
  return {
    code: 'out-of-range',
    message: `${error.data} is out of range`,
    hint: `it is ${bound} ${limit}`,
  }
}

function describeEmptyMap({ schema }: SchemaError): Words {
  const keys = Object.keys((schema.properties as object | undefined) ?? {})
  const hint = keys.length > 0 ? { hint: `it takes ${listWords(keys)}` } : {}
  return { code: 'empty', message: 'the map is empty', ...hint }
}

function describePattern({ error, schema }: SchemaError): Words | null {
  if (error.propertyName !== undefined) return null
  const value = String(error.data)
  const bare = /^[“”„‘’«»](.*?)[“”„‘’«»]?$/.exec(value)?.[1]
  if (bare !== undefined)
    return {
      code: 'wrong-format',
      message: `${value} stands in typographic quotes, which are letters to YAML`,
      hint: `write "${bare}"`,
    }
  const format = FORMATS[String(schema['x-format'])]
  if (!format) return { code: 'wrong-format', message: `"${value}" does not fit ${schema.pattern}` }
  return { code: 'wrong-format', message: format.message(value), hint: format.hint(value) }
}

function describeValue(value: unknown): string {
  if (value === null) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (isContainer(value)) return 'a map'
  return typeof value === 'string' ? `the text ${show(value)}` : show(value)
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value)
  return text.length > 60 ? `${beginningOf(text)}…` : text
}

/** Ends between words: half of a secret is not known for one any more, and would be shown. */
function beginningOf(text: string): string {
  const start = text.slice(0, 57)
  return start.replace(/\s\S*$/, '')
}
