const PERCENT = 37

/**
 * Decodes percent triplets, and IIS's `%uHHHH`, until none is left, however often they were encoded:
 * a decoder that runs once, twice or thrice ends on the way to this. Linear in the text. A text is
 * bytes, one a character; triplets of bytes that `isMeant` does not hold for stay.
 */
export function decodeToTheEnd(text: string, isMeant: (byte: number) => boolean): string {
  const bytes: number[] = []
  for (const character of Buffer.from(text, isBytes(text) ? 'latin1' : 'utf8')) {
    bytes.push(character)
    while (decodeLast(bytes, isMeant)) {}
  }
  return Buffer.from(bytes).toString('latin1')
}

function isBytes(text: string): boolean {
  return !/[^\0-\xff]/.test(text)
}

/** Decodes what the bytes end with, in place; what it gives may complete another triplet. */
function decodeLast(bytes: number[], isMeant: (byte: number) => boolean): boolean {
  const end = bytes.length
  if (bytes[end - 3] === PERCENT) {
    const byte = hexAt(bytes, end - 2, 2)
    if (byte === null || !isMeant(byte)) return false
    bytes.splice(end - 3, 3, byte)
    return true
  }
  if (bytes[end - 6] !== PERCENT || ((bytes[end - 5] as number) | 32) !== 117) return false
  const code = hexAt(bytes, end - 4, 4)
  if (code === null) return false
  const decoded = [...Buffer.from(String.fromCharCode(code))]
  if (!decoded.every(isMeant)) return false
  bytes.splice(end - 6, 6, ...decoded)
  return true
}

function hexAt(bytes: readonly number[], start: number, digits: number): number | null {
  let value = 0
  for (let i = start; i < start + digits; i++) {
    const digit = hexDigit(bytes[i] as number)
    if (digit < 0) return null
    value = value * 16 + digit
  }
  return value
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48
  const lower = byte | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
