import { distance } from 'fastest-levenshtein'

/** Headers that services do take, however near they are to others. */
const REAL: ReadonlySet<string> = new Set([
  'apikey',
  'api_key',
  'x-api',
  'x-apikey',
  'x_api_key',
  'x-app-key',
  'x-authorization',
  'proxy-authorization',
])

/** A name this long may differ in two letters from the one that is meant. */
const LONG = 10

/** The header that a name was most likely meant to be; null: it is one, or near none. */
export function findMistyped(name: string, known: ReadonlySet<string>): string | null {
  if (known.has(name) || REAL.has(name)) return null
  for (const other of known) {
    const allowed = other.length < LONG ? 1 : 2
    if (isTurned(name, other) || distance(name, other) <= allowed) return other
  }
  return null
}

/** Whether two neighbours changed places. */
function isTurned(name: string, other: string): boolean {
  if (name.length !== other.length) return false
  let at = 0
  while (at < name.length && name[at] === other[at]) at++
  return (
    name[at] === other[at + 1] &&
    name[at + 1] === other[at] &&
    name.slice(at + 2) === other.slice(at + 2)
  )
}
