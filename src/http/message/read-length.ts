const ZERO = 48

/** What a Content-Length says in bytes (RFC 9110 §8.6); null: no number, or one that can't be counted to. */
export function readLength(text: string): number | null {
  if (text === '') return null
  let bytes = 0
  // Hot: most are three to six digits, which take less than an expression and a conversion.
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - ZERO
    if (digit < 0 || digit > 9) return null
    bytes = bytes * 10 + digit
  }
  return Number.isSafeInteger(bytes) ? bytes : null
}
