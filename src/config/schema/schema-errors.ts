import type { ErrorObject } from 'ajv'
import { findSpan } from '../diagnostics/find-span.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { listWords, suggest } from '../diagnostics/suggest.ts'
import { type Document, isContainer, type Path } from '../text/document.ts'
import type { Schema, SchemaError, Words } from './schema-error.ts'
import { FORMATS, NAME_RULE } from './schema-formats.ts'
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

function describeType({ document, path, error, schema }: SchemaError): Words | null {
  const wanted = [schema.type].flat() as string[]
  const message = `must be ${listWords(
    wanted.map((type) => TYPES[type] ?? type),
    'or',
  )}, not ${describeValue(error.data)}`
  const hint = unitHint(schema, error.data) ?? typeHint(document, path, error.data, wanted)
  return { code: 'wrong-type', message, ...(hint ? { hint } : {}) }
}

/** A bare number where a time, a size or a share is wanted lacks its unit. */
function unitHint(schema: Schema, value: unknown): string | null {
  if (typeof value !== 'number') return null
  switch (schema['x-format']) {
    case 'share':
      return `write it as a share: ${value < 1 ? 100 * value : value}%`
    case 'size':
      return `write it with its unit: ${value}MiB, ${value}KiB or ${value}B`
    case 'duration':
      return `write it with its unit: ${value}s, ${value}ms or ${value}m`
    default:
      return null
  }
}

function typeHint(document: Document, path: Path, value: unknown, wanted: string[]): string | null {
  const { start, end } = findSpan(document, path, 'value')
  const written = document.text.slice(start, end)
  const wantsText = wanted.includes('string')
  if (wantsText && ['number', 'boolean'].includes(typeof value))
    return `put it in quotes: "${written}"`
  if (wanted.includes('boolean') && typeof value === 'string') return booleanHint(value)
  if (wantsText && isOneLine(written) && /^[[{]/.test(written))
    return `a text that starts with ${written[0]} needs quotes`
  if (wantsText && isContainer(value) && hasSentenceKey(value))
    return '": " inside a text makes it a map; put the whole text in quotes'
  if (wanted.includes('integer') && typeof value === 'string' && /^\d+$/.test(value))
    return `write it without quotes: ${value}`
  if (wanted.includes('array') && typeof value === 'string') return `write [${written}]`
  return null
}

function isOneLine(written: string): boolean {
  return !written.includes('\n')
}

function hasSentenceKey(value: object): boolean {
  return Object.keys(value).some((key) => /^(if|use)\s/.test(key))
}

function booleanHint(value: string): string | null {
  if (/^(yes|on|y)$/i.test(value)) return `YAML 1.2 reads ${value} as a text; write true`
  if (/^(no|off|n)$/i.test(value)) return `YAML 1.2 reads ${value} as a text; write false`
  return /^(true|false)$/i.test(value) ? `write it without quotes: ${value.toLowerCase()}` : null
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

function describeEmptyMap({ error, schema }: SchemaError): Words {
  const keys = Object.keys((schema.properties as object | undefined) ?? {})
  const hint = keys.length > 0 ? { hint: `it takes ${listWords(keys)}` } : {}
  void error
  return { code: 'empty', message: 'the map is empty', ...hint }
}

function describePattern({ error, schema }: SchemaError): Words | null {
  if (error.propertyName !== undefined) return null
  const value = String(error.data)
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
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
