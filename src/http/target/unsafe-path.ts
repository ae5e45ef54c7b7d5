import { decodeToTheEnd } from './percent-decoding.ts'

/** What a path must hold to be worth a closer look. */
const SUSPICIOUS = /\/\.|[%\\#]|[^\x21-\x7e]/

/** Bytes that stand in no target as they are. */
const NO_TARGET = /[#\0-\x20\x7f]/

/** Control characters, which some servers cut a path at or drop from it. */
const CONTROLS = /[\0-\x1f\x7f]/

/** UTF-8 in more bytes than it takes (RFC 3629 §10): lenient decoders read `..` and `/` in it. */
const OVERLONG = /[\xc0\xc1]|\xe0[\x80-\x9f]|\xf0[\x80-\x8f]|\xf8[\x80-\x87]|\xfc[\x80-\x83]/

/** A segment that means this folder or the one above, to servers that cut it at `;`, `?` or `#` too. */
const DOT_SEGMENT = /^\s*\.\.?\s*(?:[;?#].*)?$/s

/**
 * Whether a path holds a dot segment once somebody decodes it, by percent signs (however often),
 * overlong UTF-8, full-width forms or backslashes, or bytes that no path may hold.
 */
export function isUnsafePath(path: string): boolean {
  if (path.charCodeAt(0) !== 47) return true
  if (!SUSPICIOUS.test(path)) return false
  if (NO_TARGET.test(path)) return true
  const bytes = decodeToTheEnd(path, isAny)
  if (CONTROLS.test(bytes) || OVERLONG.test(bytes)) return true
  return asText(bytes)
    .split(/[/\\]/)
    .some((segment) => DOT_SEGMENT.test(segment))
}

function isAny(): boolean {
  return true
}

/** Compatibility forms become what they stand for: full-width dots and slashes, the two dot leader. */
function asText(bytes: string): string {
  if (!/[^\0-\x7f]/.test(bytes)) return bytes
  return Buffer.from(bytes, 'latin1').toString('utf8').normalize('NFKC')
}
