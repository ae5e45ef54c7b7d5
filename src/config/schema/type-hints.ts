import { findSpan } from '../diagnostics/find-span.ts'
import { type Document, isContainer, type Path, valueAt } from '../text/document.ts'
import type { Schema, SchemaError } from './schema-error.ts'
import { meantHint } from './short-forms.ts'

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
    case 'rate':
      return `write it with its time: ${value}/s, ${value}/m or ${value}/h`
    case 'duration':
      return `write it with its unit: ${value}s, ${value}ms or ${value}m`
    default:
      return null
  }
}

/** What belongs under a key stands beside it where it is not indented. */
function indentHint(document: Document, path: Path, schema: Schema): string | null {
  const around = valueAt(document.value, path.slice(0, -1))
  const inside = Object.keys((schema.properties as object | undefined) ?? {})
  if (!isContainer(around) || !inside.some((key) => Object.hasOwn(around, key))) return null
  const key = String(path.at(-1))
  return `what belongs to it stands beside it: indent that further than "${key}"`
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
