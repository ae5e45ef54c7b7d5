import type { HeaderOperations as Written } from '../../config/shapes/normal-config.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import type { RequestContext } from './request-context.ts'
import { compileTemplate, type Template, type TemplateSources } from './template.ts'

/** Changes a flat list of fields in place; false where a value can't be had or written. */
export type HeaderOperations = (fields: string[], context: RequestContext) => boolean

/** Compiles a block of header operations; they run in the order remove, rename, set, add, append. */
export function compileHeaderOperations(
  written: Written,
  sources: TemplateSources,
): HeaderOperations {
  const isRemoved = compileRemove(written.remove ?? [])
  const rename = new Map(
    Object.entries(written.rename ?? {}).map(([from, to]) => [lowerName(from), to]),
  )
  const compileValues = (values: Record<string, string> | undefined) =>
    Object.entries(values ?? {}).map(([name, value]) => compileField(name, value, sources))
  const writes: HeaderOperations[] = [
    ...compileValues(written.set).map(setField),
    ...compileValues(written.add).map(addField),
    ...compileValues(written.append).map(appendField),
  ]
  return (fields, context) => {
    if (isRemoved !== null) removeFields(fields, isRemoved)
    if (rename.size > 0) renameFields(fields, rename)
    return writes.every((write) => write(fields, context))
  }
}

/** Tells by a name in lower case whether it is taken out: by itself, or as one that begins so (`x-debug-*`); null: none is. */
export function compileRemove(written: readonly string[]): ((lower: string) => boolean) | null {
  if (written.length === 0) return null
  const names = new Set(written.map(lowerName))
  const starts = [...names].filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1))
  if (starts.length === 0) return (lower) => names.has(lower)
  return (lower) => names.has(lower) || starts.some((start) => lower.startsWith(start))
}

interface Field {
  readonly name: string
  readonly lower: string
  readonly value: Template
}

function compileField(name: string, value: string, sources: TemplateSources): Field {
  return { name, lower: lowerName(name), value: compileTemplate(value, sources) }
}

function setField({ name, lower, value }: Field): HeaderOperations {
  return (fields, context) => {
    const text = value(context)
    if (!isFieldValue(text)) return false
    removeFields(fields, (other) => other === lower)
    fields.push(name, text)
    return true
  }
}

function addField(field: Field): HeaderOperations {
  return (fields, context) => hasField(fields, field.lower) || appendField(field)(fields, context)
}

function appendField({ name, value }: Field): HeaderOperations {
  return (fields, context) => {
    const text = value(context)
    if (!isFieldValue(text)) return false
    fields.push(name, text)
    return true
  }
}

/** Whether a text may stand as a field value (RFC 9110 §5.5): no control characters, latin-1 at most. */
export function isFieldValue(text: string | null): text is string {
  return text !== null && !/[^\t\x20-\x7e\x80-\xff]/.test(text)
}

/** Takes the fields out whose lower-case name is asked for, in place. */
export function removeFields(fields: string[], isMeant: (lower: string) => boolean): void {
  let kept = 0
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    if (isMeant(lowerName(fields[i] as string))) continue
    fields[kept++] = fields[i] as string
    fields[kept++] = fields[i + 1] as string
  }
  fields.length = kept
}

function renameFields(fields: string[], names: ReadonlyMap<string, string>): void {
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2)
    fields[i] = names.get(lowerName(fields[i] as string)) ?? (fields[i] as string)
}

function hasField(fields: readonly string[], lower: string): boolean {
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2)
    if (lowerName(fields[i] as string) === lower) return true
  return false
}
