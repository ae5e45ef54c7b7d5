import type { Random } from '../random.ts'

/** A response before it is bytes. */
export interface ResponseDraft {
  /** Interim responses before it, whole. */
  readonly before: string
  readonly line: string
  /** Whole lines, without their ends. */
  readonly fields: readonly string[]
  /** With its framing. */
  readonly body: string
  /** What comes after it although nobody asked. */
  readonly after: string
}

/** A draft's bytes. */
export function printResponse({ before, line, fields, body, after }: ResponseDraft): string {
  return `${before}${line}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}${after}`
}

/** Text of which every piece tells whose it is. */
export function mark(id: string, length: number): string {
  return `[${id}]`.repeat(Math.ceil(length / (id.length + 2)))
}

/** A response that must never reach anybody. */
export function evilResponse(id: string): string {
  const body = `[evil-${id}]`
  return `HTTP/1.1 200 OK\r\nX-Evil: 1\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

const STATUSES = ['200 OK', '200 OK', '200 OK', '201 Created', '404 Not Found', '429 Slow Down']
STATUSES.push(
  '500 Oops',
  '503 Busy',
  '206 Part',
  '302 Found',
  '299 ',
  '599 Odd',
  '204 None',
  '304 Same',
)

const FIELDS = ['Set-Cookie: a=1', 'Set-Cookie: b=2', 'X-Odd: \xe9\xff\t.', 'X-Empty:', 'Server: x']
FIELDS.push(
  'Date: Thu, 01 Jan 1970 00:00:00 GMT',
  'Content-Type: text/plain',
  'ETag: "x"',
  'Vary: *',
)
FIELDS.push('Connection: keep-alive', 'Keep-Alive: timeout=5', 'WWW-Authenticate: Basic realm="x"')

/** A response that nobody could find fault with; its body is made of `id`. */
export function draftResponse(random: Random, id: string): ResponseDraft {
  const status = random.pick(STATUSES)
  const fields: string[] = []
  for (let count = random.below(4); count > 0; count -= 1) fields.push(random.pick(FIELDS))
  const framed = draftBody(random, status, id)
  const before = random.chance(5)
    ? random.pick(['HTTP/1.1 103 Early\r\nLink: </a>\r\n\r\n', 'HTTP/1.1 102 P\r\n\r\n'])
    : ''
  const line = `HTTP/1.1 ${status}`
  return { before, line, fields: [...fields, ...framed.fields], body: framed.body, after: '' }
}

function draftBody(
  random: Random,
  status: string,
  id: string,
): { readonly fields: readonly string[]; readonly body: string } {
  if (/^[23]04/.test(status))
    return { fields: random.chance(30) ? ['Content-Length: 5'] : [], body: '' }
  const body = mark(id, random.chance(4) ? 100_000 : random.below(400))
  if (random.chance(50)) return { fields: [`Content-Length: ${body.length}`], body }
  return { fields: ['Transfer-Encoding: chunked'], body: chunked(random, body) }
}

/** Cuts a body into chunks with the odd extension. */
export function chunked(random: Random, body: string): string {
  let framed = ''
  for (let at = 0; at < body.length; ) {
    const size = random.between(1, body.length - at)
    framed += `${size.toString(16)}${random.pick(['', '', ';a', ';a=b'])}\r\n${body.slice(at, at + size)}\r\n`
    at += size
  }
  return `${framed}0\r\n${random.pick(['', '', 'X-Sum: 1\r\n'])}\r\n`
}
