import { decodings } from '../../config/naming/kind-scanner.ts'

/** Of a shorter value too little is left in base64 to be told from anything else. */
const SHORTEST_ENCODED = 6

const ALPHABET: Uint8Array = Buffer.from(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
)

/**
 * A value however it is written: as it is, escaped for URLs (more than once, too) or for JSON, and in
 * base64 among other bytes. What costs something to make is made once a text is met that may hold it:
 * most can't.
 */
export class WrittenValue {
  private readonly value: string
  private escaped: RegExp | null = null
  private encoded: RegExp | null = null
  private encodedStarts: readonly string[] | null = null

  constructor(value: string) {
    this.value = value
  }

  /** Whether a text holds it. */
  isIn(text: string): boolean {
    if (text.length < this.value.length) return false
    return text.includes(this.value) || this.isEscapedIn(text) || this.isEncodedIn(text)
  }

  /** A text with something else in its place; the same text where it is not there. */
  replaceIn(text: string, instead: string): string {
    if (text.length < this.value.length) return text
    let rest = text.includes(this.value) ? text.replaceAll(this.value, () => instead) : text
    if (this.isEscapedIn(rest)) rest = rest.replaceAll(this.escapedForm, () => instead)
    return this.isEncodedIn(rest) ? rest.replaceAll(this.encodedForm, () => instead) : rest
  }

  private isEscapedIn(text: string): boolean {
    if (!text.includes('%') && !text.includes('\\')) return false
    // To compile what finds its place costs ten times as much as this.
    return unescapes(text).some((one) => one.includes(this.value))
  }

  private isEncodedIn(text: string): boolean {
    const { length } = this.value
    // No core is shorter.
    if (length < SHORTEST_ENCODED || text.length < Math.floor((length * 4) / 3) - 2) return false
    this.encodedStarts ??= startsOf(this.value)
    // Hot: a loop by hand.
    for (const start of this.encodedStarts)
      if (text.includes(start)) return text.search(this.encodedForm) >= 0
    return false
  }

  private get escapedForm(): RegExp {
    this.escaped ??= compileEscaped(this.value)
    return this.escaped
  }

  private get encodedForm(): RegExp {
    this.encoded ??= compileEncoded(coresOf(this.value))
    return this.encoded
  }
}

/** A text without its escapes: JSON's, then those for URLs by one round after the other. */
function unescapes(text: string): readonly string[] {
  const bare = text.includes('\\') ? unescapeJson(text) : text
  if (!bare.includes('%')) return [bare]
  try {
    const once = decodeURIComponent(bare)
    return [bare, once, ...decodings(once)]
  } catch {
    return [bare, ...decodings(bare)]
  }
}

function unescapeJson(text: string): string {
  return text.replaceAll(
    /\\(?:u00([0-9a-f]{2})|(.))/gi,
    (_, hex: string | undefined, other: string) =>
      hex === undefined ? other : String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

/** A text of which each character may be percent-encoded, once or more often, or escaped as in JSON. */
function compileEscaped(value: string): RegExp {
  const characters = [...value].map((character) => {
    const digits = Buffer.from(character).toString('hex')
    const hex = digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
    return `(?:\\\\?${escapePattern(character)}|%(?:25)*${hex}|\\\\u00${hex})`
  })
  return new RegExp(characters.join(''), 'g')
}

/** Characters of base64 that stand for bytes of a value alone, wherever among others they begin; for URLs, too. */
function coresOf(value: string): readonly string[] {
  const cores = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    const [start, end] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)]
    return bytes.toString('base64').slice(start, end)
  })
  return withThoseForUrls(cores)
}

/** The first four characters of each core. Hot, and so by hand: most texts that are long enough hold none of them. */
function startsOf(value: string): readonly string[] {
  const bits = firstBits(value)
  // How many of its bits stand before a core depends on how many bytes stand before it.
  return withThoseForUrls([startAt(bits, 26), startAt(bits, 22), startAt(bits, 24)])
}

/** The first four bytes, as one number. */
function firstBits(value: string): number {
  let bits = 0
  for (let i = 0; i < 4; i++) {
    const code = value.charCodeAt(i)
    if (code > 127) return Buffer.from(value).readInt32BE(0)
    bits = (bits << 8) | code
  }
  return bits
}

function startAt(bits: number, shift: number): string {
  return String.fromCharCode(
    ALPHABET[(bits >>> shift) & 63] as number,
    ALPHABET[(bits >>> (shift - 6)) & 63] as number,
    ALPHABET[(bits >>> (shift - 12)) & 63] as number,
    ALPHABET[(bits >>> (shift - 18)) & 63] as number,
  )
}

/** The same in the alphabet of URLs, where that differs (RFC 4648 §5). */
function withThoseForUrls(texts: readonly string[]): readonly string[] {
  if (!texts.some((text) => text.includes('+') || text.includes('/'))) return texts
  return [...texts, ...texts.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]
}

/** One of the cores, with the character on each side that may hold the rest of its bits. */
function compileEncoded(cores: readonly string[]): RegExp {
  return new RegExp(`[\\w+-]?(?:${cores.map(escapePattern).join('|')})[\\w+-]?`, 'g')
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
