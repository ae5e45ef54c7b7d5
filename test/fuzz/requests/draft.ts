import type { Random } from '../random.ts'

/** A request before it is bytes: what mutations take hold of. */
export interface Draft {
  readonly method: string
  readonly target: string
  readonly version: string
  /** Whole lines, without their ends. */
  readonly fields: readonly string[]
  /** With its framing. */
  readonly body: string
}

/** A draft's bytes. */
export function printDraft({ method, target, version, fields, body }: Draft): string {
  return `${method} ${target} ${version}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`
}

const METHODS = ['GET', 'GET', 'POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']
METHODS.push('PROPFIND', 'M-SEARCH', 'QUERY', 'REPORT', 'FOO', 'Purge-All', '!#$%&*+.^_`|~-1a')

const PATH_BYTES = 'abcXYZ019-_~!$&\'()*+,;=:@/%{}|^`"<>[].'
const VALUE_BYTES = 'abcXYZ019 \t-_.,;:/=()"<>@[]\\{}\x80\xe9\xff'
const BODY_BYTES = 'abc{}":,\r\n\0 \t\xff019'

/** A request that nobody could find fault with; its target holds `tag`. */
export function draftValid(random: Random, tag: string): Draft {
  const method = random.pick(METHODS)
  const framed = draftBody(random, method, tag)
  const fields = ['Host: keyway.test', ...draftCredential(random, tag), ...framed.fields]
  for (let count = random.below(4); count > 0; count -= 1) fields.push(draftField(random, count))
  if (random.chance(5)) fields.push('Connection: keep-alive')
  const target = draftTarget(random, tag)
  return { method, target, version: 'HTTP/1.1', fields: shuffle(random, fields), body: framed.body }
}

function draftTarget(random: Random, tag: string): string {
  const rest = random.chance(40) ? `/${random.text(random.below(12), PATH_BYTES)}` : ''
  const query = random.chance(30) ? `?${random.text(random.below(12), `${PATH_BYTES}?`)}` : ''
  // No two dots, no broken triplet that a decoder could make one of, and no encoded control or byte
  // of UTF-8 alone: no path may hold those.
  const path = `/up/${tag}${rest}`.replaceAll('.', 'o').replaceAll(/%[0-9a-f]{2}/gi, '%2B')
  return random.chance(8) ? `http://keyway.test${path}${query}` : path + query
}

function draftField(random: Random, number: number): string {
  const value = random.text(random.below(30), VALUE_BYTES).trim()
  return `${random.pick(['X-F', 'x-f', 'X-f-Odd.Name'])}${number}:${random.pick([' ', '', '\t', '  '])}${value}`
}

/** A made-up key; `place` tells two of one request apart. */
export function fakeKey(tag: string, place = ''): string {
  return `sk-ant-api03-FAKE-${tag}${place}`
}

function draftCredential(random: Random, tag: string): string[] {
  const key = fakeKey(tag)
  const bearer = `Authorization: ${random.pick(['Bearer', 'bearer', 'bEaReR', 'Token'])} ${key}`
  const bare = `${random.pick(['x-api-key', 'X-Api-Key', 'API-KEY', 'x-goog-api-key'])}: ${key}`
  switch (random.below(8)) {
    case 0:
      return []
    case 1:
      return [bearer, bare]
    case 2:
      return [bare, `authorization: ${key}`]
    case 3:
    case 4:
      return [bare]
    default:
      return [bearer]
  }
}

function draftBody(
  random: Random,
  method: string,
  tag: string,
): { readonly fields: string[]; readonly body: string } {
  if (/GET|HEAD|OPTIONS|DELETE/.test(method) && !random.chance(5)) return { fields: [], body: '' }
  if (random.chance(15)) return { fields: ['Content-Length: 0'], body: '' }
  const length = random.chance(3) ? random.between(60_000, 90_000) : random.below(300)
  const text = random.chance(20) ? bait(tag) : random.text(Math.min(length, 2_000), BODY_BYTES)
  const body = text.repeat(Math.max(1, Math.ceil(length / 2_000)))
  const fields = random.chance(5) ? ['Expect: 100-continue'] : []
  if (random.chance(50)) return { fields: [...fields, `Content-Length: ${body.length}`], body }
  return { fields: [...fields, 'Transfer-Encoding: chunked'], body: chunk(random, body) }
}

const EXTENSIONS = ['', '', '', ';a', ';a=b', ';a="b c"', ';a=b;c=d']
const TRAILERS = ['', '', '', 'X-Sum: 1\r\n', 'X-Api-Key: sk-ant-api03-FAKE-trailer\r\n']

/** Cuts a body into chunks with the odd extension and trailer. */
export function chunk(random: Random, body: string): string {
  let framed = ''
  for (let at = 0; at < body.length; ) {
    const size = random.between(1, body.length - at)
    const digits = random.pick([
      size.toString(16),
      size.toString(16).toUpperCase(),
      `0${size.toString(16)}`,
    ])
    framed += `${digits}${random.pick(EXTENSIONS)}\r\n${body.slice(at, at + size)}\r\n`
    at += size
  }
  return `${framed}0${random.pick(EXTENSIONS)}\r\n${random.pick(TRAILERS)}\r\n`
}

/** A request that must stay part of a body. */
export function bait(tag: string): string {
  return `GET /up/bait-${tag} HTTP/1.1\r\nHost: keyway.test\r\nX-Api-Key: ${fakeKey(tag, '-bait')}\r\n\r\n`
}

function shuffle(random: Random, list: readonly string[]): string[] {
  const rest = [...list]
  const shuffled: string[] = []
  while (rest.length > 0) shuffled.push(...rest.splice(random.below(rest.length), 1))
  return shuffled
}
