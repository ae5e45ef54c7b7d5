import { lowerName } from './header-names.ts'

/** The first value of a field in a flat list of names and values; null: it is not there. `name` is in lower case. */
export function findFieldValue(fields: readonly string[], name: string): string | null {
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2)
    // Most names differ in their length already.
    if (fields[i]?.length === name.length && lowerName(fields[i] as string) === name)
      return fields[i + 1] as string
  return null
}
