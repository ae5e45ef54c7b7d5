import type { NormalKind } from '../shapes/normal-config.ts'
import { type Care, createLikelihood, type IsLikely } from './likelihood.ts'

/** One way in which a credential may begin. */
export interface PrefixEntry {
  readonly text: string
  /** The kind of what begins at `at`; null: it is no credential. */
  readonly read: (text: string, at: number, care: Care) => NormalKind | null
  /** Whether it is a word with the credential behind white space. */
  readonly isWord: boolean
  /** Whether no other entry need be asked where this one says no: the longest prefix wins. */
  readonly isFinal: boolean
}

/** The ways in which credentials begin, looked up by their first two characters. */
export interface PrefixTable {
  readonly entriesAt: (text: string, at: number) => readonly PrefixEntry[]
  /** 1 for each two characters that one begins with: the code of the first × 128 + that of the second. */
  readonly starts: Uint8Array
  /** Matches each text in which one begins, and few others. */
  readonly mayHold: RegExp
}

interface Prefix {
  readonly prefix: string
  readonly kind: NormalKind
  readonly isLikely: IsLikely
}

const NONE: readonly PrefixEntry[] = []

/** A prefix of one character could begin any word. */
const SHORTEST = 2

/** Builds the table: prefixes as they stand, in base64, and within Basic credentials. */
export function createPrefixTable(kinds: readonly NormalKind[]): PrefixTable {
  const prefixes = sortPrefixes(kinds)
  const entries = [
    ...prefixes.map(plainEntry),
    ...prefixes.flatMap((one) => encodedEntries(one, prefixes)),
    ...inAnyCase('basic').map((text) => basicEntry(text, prefixes)),
  ]
  const starts = new Uint8Array(128 * 128)
  const buckets = new Map<number, PrefixEntry[]>()
  for (const entry of entries) {
    const key = keyAt(entry.text, 0)
    starts[key] = 1
    const bucket = buckets.get(key) ?? []
    bucket.push(entry)
    buckets.set(key, bucket)
  }
  const entriesAt: PrefixTable['entriesAt'] = (text, at) => buckets.get(keyAt(text, at)) ?? NONE
  return { entriesAt, starts, mayHold: compileQuick(entries) }
}

/** One expression for all that begins a credential, as a tree of two levels: most texts hold none of them. */
function compileQuick(entries: readonly PrefixEntry[]): RegExp {
  const quote = (text: string): string => text.replaceAll(/[^\w ]/g, '\\$&')
  const branches = [...new Set(entries.map(({ text }) => text.slice(0, 1)))].map((first) => {
    const rests = entries.filter(({ text }) => text.startsWith(first))
    const texts = new Set(rests.map(({ text }) => quote(text.slice(first.length))))
    return `${quote(first)}(?:${[...texts].join('|')})`
  })
  return branches.length === 0
    ? /^\b$/
    : new RegExp(`(?:^|[^A-Za-z0-9_-]|%[0-9A-Fa-f]{2})(?:${branches.join('|')})`)
}

function keyAt(text: string, at: number): number {
  return text.charCodeAt(at) * 128 + text.charCodeAt(at + 1)
}

/** The longest first; of equal ones the first kind's. */
function sortPrefixes(kinds: readonly NormalKind[]): readonly Prefix[] {
  const all = kinds.flatMap((kind) =>
    (kind.prefixes ?? []).map((prefix) => ({
      prefix,
      kind,
      isLikely: createLikelihood(kind, prefix),
    })),
  )
  return all
    .filter(({ prefix }) => prefix.length >= SHORTEST)
    .sort((a, b) => b.prefix.length - a.prefix.length)
}

function plainEntry({ prefix, kind, isLikely }: Prefix): PrefixEntry {
  return {
    text: prefix,
    read: (text, at, care) => (isLikely(text, at, at + prefix.length, care) ? kind : null),
    isWord: false,
    isFinal: true,
  }
}

/** What a prefix begins with in base64, whatever follows it. */
function encodedEntries({ prefix }: Prefix, prefixes: readonly Prefix[]): readonly PrefixEntry[] {
  const whole = Math.floor((prefix.length * 8) / 6)
  if (whole < 4) return NONE
  const text = btoa(prefix).slice(0, whole)
  const read: PrefixEntry['read'] = (source, at, care) =>
    nameStart(decodeBase64(source, at), prefixes, care)
  return [{ text, read, isWord: false, isFinal: false }]
}

/** Basic credentials (RFC 7617): user and password, encoded together. */
function basicEntry(text: string, prefixes: readonly Prefix[]): PrefixEntry {
  const read: PrefixEntry['read'] = (source, at, care) => {
    WHITE_SPACE.lastIndex = at + text.length
    if (!WHITE_SPACE.test(source)) return null
    const { user, password } = splitBasic(decodeBase64(source, WHITE_SPACE.lastIndex))
    return nameStart(password, prefixes, 'shown') ?? nameStart(user, prefixes, care)
  }
  return { text, read, isWord: true, isFinal: false }
}

const WHITE_SPACE = /[ \t]+/y

/** A word in every case that its letters can have. */
function inAnyCase(word: string): readonly string[] {
  const [first, ...rest] = word
  if (first === undefined) return ['']
  const ends = inAnyCase(rest.join(''))
  return [first, first.toUpperCase()].flatMap((letter) => ends.map((end) => letter + end))
}

function nameStart(text: string, prefixes: readonly Prefix[], care: Care): NormalKind | null {
  const found = prefixes.find(({ prefix }) => text.startsWith(prefix))
  return found?.isLikely(text, 0, found.prefix.length, care) ? found.kind : null
}

const BASE64 = /[A-Za-z0-9+/_-]*={0,2}/y

function decodeBase64(text: string, at: number): string {
  BASE64.lastIndex = at
  return Buffer.from(BASE64.exec(text)?.[0] ?? '', 'base64').toString('latin1')
}

/** User and password of decoded Basic credentials. */
export function splitBasic(decoded: string): { readonly user: string; readonly password: string } {
  const colon = decoded.indexOf(':')
  if (colon < 0) return { user: decoded, password: '' }
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) }
}
