import { isIP } from 'node:net'

/** The addresses that proxies named, nearest last; null: one that can't be read. */
export type Hops = readonly (string | null)[]

/** Reads X-Forwarded-For: addresses, with a port or in brackets too. */
export function readForwardedFor(value: string): Hops {
  return value
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map(readHop)
}

/** Reads the `for` of every element of Forwarded (RFC 7239 §4). */
export function readForwarded(value: string): Hops {
  const elements = split(value, ',')
  if (elements === null) return [null]
  return elements.filter((element) => element !== '').map(readElement)
}

function readElement(element: string): string | null {
  const values = (split(element, ';') ?? []).flatMap((pair) => {
    const equals = pair.indexOf('=')
    return /^for$/i.test(pair.slice(0, Math.max(0, equals))) ? [pair.slice(equals + 1)] : []
  })
  const [value = ''] = values
  return values.length === 1 ? readHop(unquote(value)) : null
}

/**
 * The address that a hop names, without brackets and port; null where it is none. Only what every
 * reader takes for the same address is one: no single number, no octal or hexadecimal parts.
 */
function readHop(text: string): string | null {
  const address = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1]
  if (address !== undefined) return isIP(address) === 6 ? address : null
  const bare = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ?? text
  return isIP(bare) === 0 ? null : bare
}

function unquote(value: string): string {
  return value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value
}

/** Splits at a sign that stands in no quoted string; null where a quote is never closed. */
function split(text: string, sign: ',' | ';'): string[] | null {
  const parts: string[] = []
  let start = 0
  let isQuoted = false
  for (let i = 0; i < text.length; i++) {
    const character = text[i]
    if (character === '\\' && isQuoted) i += 1
    else if (character === '"') isQuoted = !isQuoted
    else if (character === sign && !isQuoted) {
      parts.push(text.slice(start, i).trim())
      start = i + 1
    }
  }
  if (isQuoted) return null
  return [...parts, text.slice(start).trim()]
}
