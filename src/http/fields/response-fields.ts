import { HOP_BY_HOP, lowerName } from './header-names.ts'

/** A response's fields, name, value, name, value…, without those that RFC 9110 §7.6.1 forbids a proxy to forward. */
export function removeHopByHop(fields: readonly string[]): string[] {
  return fields.filter((_, i) => !HOP_BY_HOP.has(lowerName(fields[i - (i % 2)] as string)))
}
