import { detach } from '../fields/detach.ts'
import { createNameStart, type FieldName, readFollower } from '../fields/header-names.ts'

/** The fields of a message as they are read, with what they say of its connection. */
export interface MessageFields {
  /** Name, value, name, value… in order. */
  readonly fields: string[]
  /** Values of Connection, joined; in lower case. '' where there is none. */
  readonly connection: string
  /** null: no Keep-Alive. */
  readonly keepAlive: string | null
  /** null: no Upgrade. */
  readonly upgrade: string | null
  /** null: no Content-Length. */
  readonly length: string | null
  /** null: no Transfer-Encoding. */
  readonly coding: string | null
  /** Whether one of them is hop-by-hop (RFC 9110 §7.6.1). */
  readonly hasHopByHop: boolean
  /** Whether Content-Length or Transfer-Encoding stands there twice. */
  readonly isFramedTwice: boolean
}

const SPACE = 32
const TAB = 9
const COLON = 58

/** Lines without a control character, or a CR or an LF alone (RFC 9112 §2.2). */
const LINES = /(?:[\t\x20-\x7e\x80-\xff]+\r\n)*/y

/** Whether a text is nothing but lines from `start` on, each with its CRLF. */
export function areLines(text: string, start: number): boolean {
  LINES.lastIndex = start
  LINES.test(text)
  return LINES.lastIndex === text.length
}

/** Which fields are kept: all, or those that RFC 9110 §7.6.1 lets a proxy forward. */
type Kept = 'all' | 'end-to-end'

/** Clients and upstreams have names of their own. */
const STARTS: Readonly<Record<Kept, FieldName>> = {
  all: createNameStart(),
  'end-to-end': createNameStart(),
}

/**
 * Reads the field lines of `text` from `start`, each with its CRLF, and latin1 throughout; null
 * where one is none, such as a folded one (RFC 9112 §5.2). That they are lines is to be known by
 * areLines before.
 */
export function readFields(text: string, start: number, keep: Kept): MessageFields | null {
  const fields: string[] = []
  let connection: string | null = null
  let keepAlive: string | null = null
  let upgrade: string | null = null
  let length: string | null = null
  let coding: string | null = null
  let hasHopByHop = false
  let isFramedTwice = false
  let read: FieldName | null = STARTS[keep]
  for (let at = start; at < text.length; ) {
    const end = text.indexOf('\r', at)
    read = readNameAt(text, at, end, read)
    if (read === null) return null
    const { text: name, role } = read
    const cut = trimmed(text, at + name.length + 1, end)
    // What a proxy forwards at once is kept by nobody.
    const value = keep === 'all' ? detach(cut) : cut
    at = end + 2
    if (keep === 'all' || role === 'end-to-end' || role === 'length') fields.push(name, value)
    switch (role) {
      case 'invalid':
        return null
      case 'end-to-end':
        continue
      case 'length':
        isFramedTwice ||= length !== null
        length = value
        continue
      case 'coding':
        isFramedTwice ||= coding !== null
        // Others take a tab behind it for another coding.
        coding = text.charCodeAt(end - 1) === TAB ? '' : value
        break
      case 'connection':
        connection = connection === null ? value : `${connection},${value}`
        break
      case 'keep-alive':
        keepAlive = value
        break
      case 'upgrade':
        upgrade = upgrade === null ? value : `${upgrade}, ${value}`
        break
      case 'hop-by-hop':
        break
    }
    hasHopByHop = true
  }
  const named = connection?.toLowerCase() ?? ''
  const kept = keep === 'all' ? fields : removeNamed(fields, named)
  const framing = { length, coding, isFramedTwice }
  // Hot: what is spread first is copied at once, elsewhere property by property.
  return { ...framing, fields: kept, connection: named, keepAlive, upgrade, hasHopByHop }
}

/** The name of the field at `at`, whose line ends at `end`; null: there is none. */
function readNameAt(text: string, at: number, end: number, before: FieldName): FieldName | null {
  const { follower } = before
  if (follower !== null) {
    // To compare letters costs less than to look them up.
    const behind = at + follower.text.length
    if (text.charCodeAt(behind) === COLON && text.slice(at, behind) === follower.text)
      return follower
  }
  const colon = text.indexOf(':', at)
  if (colon < 0 || colon > end) return null
  return readFollower(before, text.slice(at, colon))
}

/** A value without the white space around it (RFC 9112 §5.1). */
function trimmed(text: string, start: number, end: number): string {
  let from = start
  let to = end
  while (from < to && isBlank(text.charCodeAt(from))) from += 1
  while (to > from && isBlank(text.charCodeAt(to - 1))) to -= 1
  return text.slice(from, to)
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB
}

/** Whether a list such as Connection's, in lower case, names an option. */
export function namesOption(list: string, option: string): boolean {
  if (list === option || !list.includes(option)) return list === option
  return list.split(',').some((name) => name.trim() === option)
}

/** Whether what Connection says, in lower case, leaves its connection open behind a message of HTTP/1.`minor` (RFC 9112 §9.3). */
export function isPersistent(connection: string, minor: 0 | 1): boolean {
  if (namesOption(connection, 'close')) return false
  return minor === 1 || namesOption(connection, 'keep-alive')
}

function removeNamed(fields: string[], connection: string): string[] {
  if (connection === '' || connection === 'keep-alive' || connection === 'close') return fields
  const named = new Set(connection.split(',').map((name) => name.trim()))
  return fields.filter((_, i) => !named.has((fields[i - (i % 2)] as string).toLowerCase()))
}
