/** Hides one value in a text, however it is written; gives the same text where it is not there. */
export type Hide = (text: string) => string

/** Of a shorter value too little is left in base64 to be told from anything else. */
const SHORTEST_ENCODED = 6

/**
 * Creates what puts something else in a value's place: as it is, escaped for URLs (more than once,
 * too) or for JSON, and in base64 among other bytes. What costs something to make is made once a text
 * is met that may hold the value: most can't.
 */
export function createHide(value: string, instead: string): Hide {
  const escaped = once(() => escapedForm(value))
  const cores = once(() => base64Cores(value))
  const encoded = once(() => base64Form(cores()))
  return (text) => {
    if (text.length < value.length) return text
    let hidden = text.includes(value) ? text.replaceAll(value, () => instead) : text
    if (hidden.includes('%') || hidden.includes('\\'))
      hidden = hidden.replace(escaped(), () => instead)
    if (value.length < SHORTEST_ENCODED || hidden.length < base64Length(value)) return hidden
    const isEncoded = cores().some((core) => hidden.includes(core))
    return isEncoded ? hidden.replace(encoded(), () => instead) : hidden
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** A text of which each character may be percent-encoded, once or more often, or escaped as in JSON. */
function escapedForm(value: string): RegExp {
  const characters = [...value].map((character) => {
    const digits = Buffer.from(character).toString('hex')
    const hex = digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
    return `(?:\\\\?${escapePattern(character)}|%(?:25)*${hex}|\\\\u00${hex})`
  })
  return new RegExp(characters.join(''), 'g')
}

/** Characters of base64 that stand for bytes of a value alone, wherever among others they begin; for URLs, too. */
function base64Cores(value: string): readonly string[] {
  const cores = [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    const [start, end] = [Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3)]
    return bytes.toString('base64').slice(start, end)
  })
  const ofUrls = cores.map((core) => core.replaceAll('+', '-').replaceAll('/', '_'))
  return [...new Set([...cores, ...ofUrls])]
}

/** One of the cores, with the character on each side that may hold the rest of its bits. */
function base64Form(cores: readonly string[]): RegExp {
  return new RegExp(`[\\w+-]?(?:${cores.map(escapePattern).join('|')})[\\w+-]?`, 'g')
}

/** No core is shorter. */
function base64Length(value: string): number {
  return Math.floor((Buffer.byteLength(value) * 4) / 3) - 2
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
