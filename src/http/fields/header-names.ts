import { detach } from './detach.ts'

/** What a reader of messages has to do with a field of some name. */
export type FieldRole =
  | 'end-to-end'
  | 'hop-by-hop'
  | 'connection'
  | 'keep-alive'
  | 'upgrade'
  | 'length'
  | 'coding'
  | 'invalid'

/** A field's name, and what it says. */
export interface FieldName {
  /** In the case that it was given in, as a text of its own. */
  readonly text: string
  readonly lower: string
  readonly role: FieldRole
  /** What stands before its value in a head: the end of the line above, the name and a colon. */
  readonly lead: string
  /** What followed it in the last message that had it: mostly what follows it in the next. null: nothing did. */
  readonly follower: FieldName | null
}

interface KnownName extends FieldName {
  follower: FieldName | null
}

/** Fields that RFC 9110 §7.6.1 forbids a proxy to forward, beside those that Connection names. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // Belongs to an upgrade to HTTP/2 (RFC 7540 §3.2.1).
  'http2-settings',
])

/** A field's name (RFC 9110 §5.1). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const NAMES = new Map<string, KnownName>()
const NAMES_LIMIT = 4096
/** Longer names are made up, and are kept by nobody: thousands of them would fill megabytes for good. */
export const LONGEST_KEPT: number = 128

/**
 * A field's name, in whatever case. Names seen before cost one look-up, and are one text in all
 * messages, so that whatever looks them up again compares no letters.
 */
export function readName(name: string): FieldName {
  return knowName(name)
}

function knowName(name: string): KnownName {
  const known = NAMES.get(name)
  if (known !== undefined) return known
  const isKept = NAMES.size < NAMES_LIMIT && name.length <= LONGEST_KEPT
  const text = isKept ? comparable(name) : detach(name)
  const lower = text.toLowerCase()
  const read: KnownName = {
    text,
    lower: lower === text ? text : readName(lower).text,
    role: TOKEN.test(text) ? findRole(lower) : 'invalid',
    lead: detach(`\r\n${text}: `),
    follower: null,
  }
  if (isKept) NAMES.set(text, read)
  return read
}

/** A text as V8 keeps names of properties, and those that code names: two of them are compared without their letters. */
function comparable(text: string): string {
  return Object.keys({ [text]: null })[0] as string
}

/** Reads a name that stands behind `before` in a message, to be looked for there again. */
export function readFollower(before: FieldName, name: string): FieldName {
  const read = readName(name)
  // What is not known to all is kept by nobody.
  if (NAMES.get(read.text) === read) (before as KnownName).follower = read
  return read
}

/** What stands before the first name of messages of one sort. */
export function createNameStart(): FieldName {
  const start: KnownName = { text: '', lower: '', role: 'invalid', lead: '', follower: null }
  return start
}

/** A field's name in lower case. */
export function lowerName(name: string): string {
  return readName(name).lower
}

function findRole(lower: string): FieldRole {
  switch (lower) {
    case 'connection':
    case 'keep-alive':
    case 'upgrade':
      return lower
    case 'content-length':
      return 'length'
    case 'transfer-encoding':
      return 'coding'
    default:
      return HOP_BY_HOP.has(lower) ? 'hop-by-hop' : 'end-to-end'
  }
}
