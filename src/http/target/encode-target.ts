/**
 * What the characters of a value are: `path` percent-encoded as it stood in a path, `bytes` a field's,
 * one a character, `text` decoded.
 */
export type ValueOrigin = 'path' | 'bytes' | 'text'

/** A value as one segment of a path: no `/`, `;`, `%` or control character of it has a meaning there. */
export function encodeSegment(value: string, origin: ValueOrigin): string {
  if (origin === 'path') return value.replaceAll('/', '%2F')
  return encode(value, origin, /[^A-Za-z0-9._~!$&'()*+,:=@-]/)
}

/** A value as one value of a query. */
export function encodeQueryValue(value: string, origin: ValueOrigin): string {
  const kept = origin === 'path' ? /[^A-Za-z0-9._~!'()*%-]/ : /[^A-Za-z0-9._~!'()*-]/
  return encode(value, origin, kept)
}

function encode(value: string, origin: ValueOrigin, meant: RegExp): string {
  if (!meant.test(value)) return value
  const isBytes = origin !== 'text' && !/[^\0-\xff]/.test(value)
  let encoded = ''
  for (const byte of Buffer.from(value, isBytes ? 'latin1' : 'utf8')) {
    const character = String.fromCharCode(byte)
    encoded += meant.test(character) ? `%${hex(byte)}` : character
  }
  return encoded
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}
