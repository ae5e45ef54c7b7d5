/** The values of the cookies with a name in a Cookie field (RFC 6265 §4.2.1), unquoted and decoded, in order. */
export function cookieValues(field: string, name: string): string[] {
  return field.split(';').flatMap((pair) => {
    const [key, value] = splitPair(pair)
    return key === name ? [decodeCookie(value)] : []
  })
}

/** How many cookies of a Cookie field have one of the names. */
export function countCookies(field: string, names: ReadonlySet<string>): number {
  return field.split(';').filter((pair) => names.has(splitPair(pair)[0])).length
}

/** A Cookie field without the cookies with these names; empty where none is left. */
export function removeCookies(field: string, names: ReadonlySet<string>): string {
  const pairs = field.split(';')
  const kept = pairs.filter((pair) => !names.has(splitPair(pair)[0]))
  return kept.length === pairs.length ? field : kept.join(';').trim()
}

/** A cookie as it is written in a Cookie field. */
export function writeCookie(name: string, value: string): string {
  // RFC 6265 §4.1.1: no control characters, white space, quotes, commas, semicolons and backslashes.
  return `${name}=${value.replaceAll(/[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/g, encodeURIComponent)}`
}

/** Tells a name from its value. */
function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf('=')
  return equals < 0
    ? ['', pair.trim()]
    : [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()]
}

/** A cookie's value without its quotes, percent-decoded where it can be. */
export function decodeCookie(value: string): string {
  const bare = value.length > 1 && value.startsWith('"') && value.endsWith('"')
  const text = bare ? value.slice(1, -1) : value
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
