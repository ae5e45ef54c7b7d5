import { lowerName } from './header-names.ts'

/**
 * Fields (name, value, name, value…) without the length of a body, as no 1xx and no 204 may have it
 * (RFC 9110 §8.6): some readers wait for that many bytes, and take the next response for them.
 */
export function withoutLength(fields: readonly string[]): string[] {
  return fields.filter((_, i) => lowerName(fields[i - (i % 2)] as string) !== 'content-length')
}

/** Whether fields name a protocol to upgrade to. */
export function hasUpgrade(fields: readonly string[]): boolean {
  return fields.some((name, i) => i % 2 === 0 && lowerName(name) === 'upgrade')
}
