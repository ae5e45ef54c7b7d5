import { detach } from './detach.ts'

/** Fields that RFC 9110 §7.6.1 forbids a proxy to forward, beside those that Connection names. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // Belongs to an upgrade to HTTP/2 (RFC 7540 §3.2.1).
  'http2-settings',
])

const LOWER_NAMES = new Map<string, string>()
const LOWER_NAMES_LIMIT = 2048

/** A field name in lower case; names seen before cost one look-up. */
export function lowerName(name: string): string {
  const known = LOWER_NAMES.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  if (LOWER_NAMES.size < LOWER_NAMES_LIMIT) LOWER_NAMES.set(detach(name), detach(lower))
  return lower
}
