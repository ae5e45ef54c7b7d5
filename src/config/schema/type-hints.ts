import { findSpan } from '../diagnostics/find-span.ts'
import { parseConditionText } from '../language/sentence.ts'
import { SentenceError } from '../language/sentence-error.ts'
import { type Document, formatPath, isContainer, type Path, valueAt } from '../text/document.ts'
import type { Schema, SchemaError } from './schema-error.ts'

/** What was probably meant by a value of the wrong type; null: nobody knows. */
export function hintForType({ document, path, error, schema }: SchemaError): string | null {
  const value: unknown = error.data
  const wanted = [schema.type].flat() as string[]
  if (value === null)
    return (
      indentHint(document, path, schema) ??
      'it is empty: write what belongs there, or leave the key out'
    )
  return (
    unitHint(schema, value) ??
    meantHint({ document, path, value }) ??
    listHint(value, wanted) ??
    textHint(document, path, value, wanted)
  )
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

interface Meant {
  readonly document: Document
  readonly path: Path
  readonly value: unknown
}

/** Short forms that people expect, by the end of the path at which they stand. */
const MEANT: readonly (readonly [RegExp, (meant: Meant) => string | null])[] = [
  [/^server$/, ({ value }) => ofText(value, (text) => `write server: { listen: ${text} }`)],
  [
    /^server\.(?:listen|admin)$/,
    ({ value }) => (typeof value === 'number' ? `write 127.0.0.1:${value}` : null),
  ],
  [/^server\.log$/, ({ value }) => ofText(value, logHint)],
  [/^server\.store$/, ({ value }) => ofText(value, (text) => `write store: { redis: ${text} }`)],
  [/^audit$/, ({ value }) => ofText(value, (text) => `write audit: { file: ${text} }`)],
  [/^server\.admin$/, ({ value }) => (value === false ? 'write admin: off' : null)],
  [/^secrets\.[^.]+$/, ({ value }) => ofText(value, secretHint)],
  [/^upstreams$/, ({ value }) => (Array.isArray(value) ? namedHint(value, 'upstreams') : null)],
  [/^secrets$/, ({ value }) => (Array.isArray(value) ? namedHint(value, 'secrets') : null)],
  [
    /\.tokens\.[^.]+$/,
    ({ value }) =>
      ofText(value, () => 'write { file: PATH }: a file with the SHA-256 of the token'),
  ],
  [/\.match$/, ({ value }) => ofText(value, (text) => `write match: { path: ${text} }`)],
  [/\.health$/, ({ value }) => ofText(value, (text) => `write health: { path: ${text} }`)],
  [/\.rewrite$/, ({ value }) => ofText(value, (text) => `write rewrite: { path: ${text} }`)],
  [/\.strip$/, (meant) => (meant.value === true ? stripHint(meant) : null)],
  [/\.retry$/, ({ value }) => attemptsHint(value)],
  [
    /^routes\[\d+\]\.fallback$/,
    ({ value }) => ofText(value, (text) => `write a list: - upstream: ${text}`),
  ],
  [
    /\.upstream$/,
    ({ value }) =>
      isContainer(value) ? 'give it a name under "upstreams", and write that name here' : null,
  ],
  [/\.if$/, ({ value }) => ofText(value, conditionHint)],
  [/^tests\[\d+\]\.request$/, ({ value }) => ofText(value, requestHint)],
  [
    /^tests\[\d+\]\.expect$/,
    ({ value }) => (typeof value === 'number' ? `write expect: { status: ${value} }` : null),
  ],
]

function meantHint(meant: Meant): string | null {
  const where = formatPath(meant.path)
  for (const [place, hint] of MEANT) {
    const words = place.test(where) ? hint(meant) : null
    if (words !== null) return words
  }
  return null
}

function ofText(value: unknown, hint: (text: string) => string | null): string | null {
  return typeof value === 'string' ? hint(value) : null
}

function logHint(text: string): string {
  const key = /^(?:json|logfmt|pretty)$/.test(text) ? 'format' : 'level'
  return `write log: { ${key}: ${text} }`
}

/** What belongs under a key stands beside it where it is not indented. */
function indentHint(document: Document, path: Path, schema: Schema): string | null {
  const around = valueAt(document.value, path.slice(0, -1))
  const inside = Object.keys((schema.properties as object | undefined) ?? {})
  if (!isContainer(around) || !inside.some((key) => Object.hasOwn(around, key))) return null
  const key = String(path.at(-1))
  return `what belongs to it stands beside it: indent that further than "${key}"`
}

function secretHint(text: string): string {
  const variable = /^\$?\{?(?:env\.)?([A-Z_][A-Z0-9_]*)\}?$/.exec(text)?.[1]
  if (variable) return `write { env: ${variable} }`
  return /^[~./]/.test(text)
    ? `write { file: ${text} }`
    : 'no secret stands in the file: write { env: NAME } or { file: PATH }'
}

function namedHint(list: readonly unknown[], section: string): string {
  const [first] = list
  const name = isContainer(first) ? (first as { name?: unknown }).name : undefined
  return typeof name === 'string'
    ? `${section} are a map: write "${name}:" in place of "- name: ${name}"`
    : `${section} are a map: write "NAME:" in place of "- "`
}

function stripHint({ document, path }: Meant): string {
  const match = valueAt(document.value, [...path.slice(0, 2), 'match', 'path'])
  const fixed = typeof match === 'string' ? match.replace(/\/[:*].*$/, '') : ''
  return `write the path that is taken off: strip: ${fixed || '/PREFIX'}`
}

function attemptsHint(value: unknown): string | null {
  if (value === false) return 'write retry: { attempts: 0 }'
  if (value === true) return 'write how often: retry: { attempts: 2 }'
  return typeof value === 'number' ? `write retry: { attempts: ${value} }` : null
}

/** A condition that was written as a sentence, or as an expression, in the form of a map. */
function conditionHint(text: string): string {
  const plain = text.replace(/\b(credential|client)\.(\w+)/g, '$1 $2').replace(/\s+={1,3}\s+/g, ' ')
  try {
    return `write if: ${inline(parseConditionText(plain))}`
  } catch (error) {
    if (!(error instanceof SentenceError)) throw error
    return 'write a map, such as { credential: { kind: openai } }, or the whole rule as a sentence'
  }
}

/** A value as YAML on one line. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (!isContainer(value))
    return /^[A-Za-z^/][^:#{}[\],"']*$/.test(String(value)) ? String(value) : JSON.stringify(value)
  const entries = Object.entries(value).map(([key, child]) => `${key}: ${inline(child)}`)
  return `{ ${entries.join(', ')} }`
}

function requestHint(text: string): string | null {
  const [, method, path] = /^(?:([A-Z]+)\s+)?(\/\S*)$/.exec(text) ?? []
  if (path === undefined) return null
  return method === undefined
    ? `write { path: ${path} }`
    : `write { method: ${method}, path: ${path} }`
}

/** A list where a map is wanted, and the other way round. */
function listHint(value: unknown, wanted: readonly string[]): string | null {
  if (wanted.includes('array') && isContainer(value)) return 'write "- " before each of its entries'
  if (wanted.includes('object') && Array.isArray(value))
    return 'write its entries without "- ", as key: value'
  if (!wanted.includes('object') || wanted.includes('string') || typeof value !== 'string')
    return null
  const [, key, rest] = /^([A-Za-z][\w-]*)\s*:?\s*(\S.*)$/.exec(value) ?? []
  if (key === undefined || !/[:\s]/.test(value)) return null
  return /^[A-Za-z][\w-]*:/.test(value)
    ? `a space is missing after ":": write ${key}: ${rest}`
    : `is a ":" missing after "${key}"?`
}

function textHint(
  document: Document,
  path: Path,
  value: unknown,
  wanted: readonly string[],
): string | null {
  const { start, end } = findSpan(document, path, 'value')
  const written = document.text.slice(start, end)
  const wantsText = wanted.includes('string')
  if (/^(else|use)$/.test(String(path.at(-1))) && /^[1-5]\d\d$/.test(written))
    return path.at(-1) === 'else' ? `write { reject: ${written} }` : `write reject: ${written}`
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
