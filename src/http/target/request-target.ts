/** Splits an origin-form target at its first `?`; the query is without it, null where there is none. */
export function splitTarget(target: string): { path: string; query: string | null } {
  const mark = target.indexOf('?')
  if (mark < 0) return { path: target, query: null }
  return { path: target.slice(0, mark), query: target.slice(mark + 1) }
}

/**
 * A path as routes are matched against it, whatever its client encoded of it (RFC 3986 §6.2.2):
 * unreserved characters decoded, bytes beyond ASCII encoded, and all triplets in capitals. A character
 * is a byte.
 */
export function canonicalPath(path: string): string {
  if (!/[%\x80-\xff]/.test(path)) return path
  return path.replaceAll(/%[0-9a-f]{2}|[\x80-\xff]/gi, (written) => {
    if (written.length === 1) return encodeByte(written)
    const character = String.fromCharCode(Number.parseInt(written.slice(1), 16))
    return /[A-Za-z0-9._~-]/.test(character) ? character : written.toUpperCase()
  })
}

/** Bytes beyond ASCII that their client did not encode. */
const BYTES = /[\x80-\xff]/g

function encodeByte(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase()}`
}

/** A text as a client sends it in a path or a query: letters beyond ASCII percent-encoded, all else as it is. */
export function encodeBeyondAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]+/g, (letters) =>
    [...Buffer.from(letters)].map((byte) => `%${byte.toString(16).toUpperCase()}`).join(''),
  )
}

/** The value of a query parameter, decoded; undefined where it is absent. The first of several counts. */
export function queryValue(query: string | null, name: string): string | undefined {
  return queryValues(query, name)[0]
}

/** All values of a query parameter, decoded, in order. */
export function queryValues(query: string | null, name: string): string[] {
  if (query === null) return []
  const values: string[] = []
  for (const pair of query.split('&')) {
    const [key, value] = splitPair(pair)
    if (decodeComponent(key) === name) values.push(decodeComponent(value))
  }
  return values
}

/** The names and values of a query, decoded, in order. */
export function queryPairs(query: string): [string, string][] {
  const pairs: [string, string][] = []
  // Hot: a loop by hand.
  for (let at = 0; at <= query.length; ) {
    const mark = query.indexOf('&', at)
    const end = mark < 0 ? query.length : mark
    const [name, value] = splitPair(query.slice(at, end))
    pairs.push([decodeComponent(name), decodeComponent(value)])
    at = end + 1
  }
  return pairs
}

/** The query without the named parameters; every other byte stays. null where nothing is left. */
export function removeQuery(query: string | null, names: ReadonlySet<string>): string | null {
  if (query === null) return null
  const pairs = query.split('&')
  const kept = pairs.filter((pair) => !names.has(decodeComponent(splitPair(pair)[0])))
  if (kept.length === pairs.length) return query
  return kept.length === 0 ? null : kept.join('&')
}

/** The query without the parameters that have this value; every other byte stays. null where nothing is left. */
export function removeQueryValue(query: string | null, value: string): string | null {
  // Nothing is longer decoded than encoded.
  if (query === null || query.length < value.length) return query
  const pairs = query.split('&')
  const kept = pairs.filter((pair) => decodeComponent(splitPair(pair)[1]) !== value)
  if (kept.length === pairs.length) return query
  return kept.length === 0 ? null : kept.join('&')
}

/** How many of a query's parameters have one of the names. */
export function countQuery(query: string | null, names: ReadonlySet<string>): number {
  if (query === null) return 0
  return query.split('&').filter((pair) => names.has(decodeComponent(splitPair(pair)[0]))).length
}

/** The query with one more parameter at its end. */
export function appendQuery(query: string | null, name: string, value: string): string {
  return appendEncoded(query, name, encodeURIComponent(value))
}

/** The query with one more parameter at its end, whose value is encoded already. */
export function appendEncoded(query: string | null, name: string, encoded: string): string {
  const pair = `${encodeURIComponent(name)}=${encoded}`
  return query ? `${query}&${pair}` : pair
}

function splitPair(pair: string): [string, string] {
  const equals = pair.indexOf('=')
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)]
}

function decodeComponent(text: string): string {
  if (!/[%+\x80-\xff]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' ').replaceAll(BYTES, encodeByte))
  } catch {
    return text
  }
}
