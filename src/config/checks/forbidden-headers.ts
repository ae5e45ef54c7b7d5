import { HOP_BY_HOP } from '../../http/fields/header-names.ts'

const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding'])

/** Why a file can't touch a header, in words; null: it can. */
export function findForbiddenHeader(name: string): string | null {
  const lower = name.toLowerCase()
  if (FRAMING.has(lower)) return 'it frames the message, and is written by Keyway'
  if (HOP_BY_HOP.has(lower)) return 'it belongs to one connection (RFC 9110 §7.6.1)'
  return lower === 'host' ? 'it always names the upstream' : null
}
