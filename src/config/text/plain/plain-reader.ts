import type { Document, EntrySpans, Placed } from '../document.ts'
import { GIVE_UP, type Lines } from './lines.ts'
import { readInline, readKey } from './plain-scalars.ts'

/**
 * Reads the plain part of YAML that nearly all configurations keep to: block maps and lists, flow
 * collections and scalars on one line, comments. It gives up (null) on everything else, right or
 * wrong, and leaves it to the full parser, which takes some ten times as long.
 */
export function readPlain(text: string): Document | null {
  if (UNUSUAL.test(text)) return null
  const value = read(text, null)
  if (value === GIVE_UP) return null
  // Most files are fine: where things stand is noted only in a second reading, for a finding.
  let placed: Placed | null = null
  const readPlaced = (): Placed => {
    const spans = new Map<object, EntrySpans>()
    return { value: read(text, spans), spans }
  }
  return {
    text,
    value,
    synthetic: new Set(),
    placed: () => {
      placed ??= readPlaced()
      return placed
    },
  }
}

function read(text: string, spans: Map<object, EntrySpans> | null): unknown {
  const lines: Lines = { text, spans, at: 0, end: -1, indent: -1 }
  try {
    nextLine(lines)
    if (lines.indent !== 0) return GIVE_UP
    const value = readBlock(lines, 0)
    return lines.indent >= 0 ? GIVE_UP : value
  } catch (error) {
    if (error === GIVE_UP) return GIVE_UP
    throw error
  }
}

/** Tabs, control characters, line ends of other sorts, directives and document marks. */
const UNUSUAL = /[\0-\x09\x0b-\x0c\x0e-\x1f\x7f\x85\u2028\u2029\uFEFF]|\r(?!\n)|^(?:%|---|\.\.\.)/m

const SPACE = 32
const HASH = 35
const DASH = 45
const DEPTH = 64

/** Goes to the next line that holds more than white space and a comment. */
function nextLine(lines: Lines): void {
  const { text } = lines
  let start = lines.end < 0 ? 0 : text.indexOf('\n', lines.end) + 1
  if (lines.end >= 0 && start === 0) start = text.length
  while (start < text.length) {
    const feed = text.indexOf('\n', start)
    const next = feed < 0 ? text.length : feed
    const end = next > start && text.charCodeAt(next - 1) === 13 ? next - 1 : next
    let at = start
    while (at < end && text.charCodeAt(at) === SPACE) at++
    if (at < end && text.charCodeAt(at) !== HASH) {
      lines.at = at
      lines.end = end
      lines.indent = at - start
      return
    }
    start = next + 1
  }
  lines.indent = -1
}

function readBlock(lines: Lines, depth: number): unknown {
  if (depth > DEPTH) throw GIVE_UP
  return isDash(lines, lines.at) ? readList(lines, depth) : readMap(lines, lines.indent, depth)
}

function readMap(lines: Lines, indent: number, depth: number): unknown {
  const value: Record<string, unknown> = {}
  const keys: string[] = []
  const offsets: number[] = []
  while (lines.indent === indent && !isDash(lines, lines.at)) {
    const key = readKey(lines.text, lines.at, lines.end)
    if (key === null || key.name === '__proto__' || Object.hasOwn(value, key.name)) throw GIVE_UP
    const at = skipSpaces(lines, key.next)
    keys.push(key.name)
    offsets.push(key.start, key.end)
    if (isRestEmpty(lines, at, key.next)) {
      nextLine(lines)
      value[key.name] = readBelow(lines, indent, depth, offsets)
    } else value[key.name] = readRest(lines, at, indent, offsets)
  }
  if (lines.indent > indent) throw GIVE_UP
  lines.spans?.set(value, { keys, offsets })
  return value
}

function readList(lines: Lines, depth: number): unknown {
  const { indent } = lines
  const value: unknown[] = []
  const offsets: number[] = []
  while (lines.indent === indent && isDash(lines, lines.at)) {
    const at = skipSpaces(lines, lines.at + 1)
    if (isRestEmpty(lines, at, lines.at + 1) || isDash(lines, at)) throw GIVE_UP
    if (readKey(lines.text, at, lines.end)) {
      lines.indent += at - lines.at
      lines.at = at
      const item = readMap(lines, lines.indent, depth + 1)
      value.push(item)
      pushTwice(offsets, at, endOf(lines, item, at))
    } else {
      const own: number[] = []
      value.push(readRest(lines, at, indent, own))
      pushTwice(offsets, own[0] as number, own[1] as number)
    }
  }
  if (lines.indent > indent) throw GIVE_UP
  lines.spans?.set(value, { keys: null, offsets })
  return value
}

function pushTwice(offsets: number[], start: number, end: number): void {
  offsets.push(start, end, start, end)
}

/** The value of a key that has none on its own line. */
function readBelow(lines: Lines, indent: number, depth: number, offsets: number[]): unknown {
  const isBelow = lines.indent > indent || (lines.indent === indent && isDash(lines, lines.at))
  if (!isBelow) {
    offsets.push(offsets.at(-2) as number, offsets.at(-1) as number)
    return null
  }
  const start = lines.at
  const value = readBlock(lines, depth + 1)
  offsets.push(start, endOf(lines, value, start))
  return value
}

/** The value on a key's own line, to the line's end. */
function readRest(lines: Lines, at: number, indent: number, offsets: number[]): unknown {
  const inline = readInline(lines, at)
  if (!isRestEmpty(lines, skipSpaces(lines, inline.end), inline.end)) throw GIVE_UP
  offsets.push(at, inline.end)
  nextLine(lines)
  if (lines.indent > indent) throw GIVE_UP
  return inline.value
}

function endOf(lines: Lines, container: unknown, start: number): number {
  return lines.spans?.get(container as object)?.offsets.at(-1) ?? start
}

function isDash({ text, end }: Lines, at: number): boolean {
  if (text.charCodeAt(at) !== DASH) return false
  return at + 1 >= end || text.charCodeAt(at + 1) === SPACE
}

function skipSpaces({ text, end }: Lines, from: number): number {
  let at = from
  while (at < end && text.charCodeAt(at) === SPACE) at++
  return at
}

/** Whether nothing but a comment follows; a comment has a space before it. */
function isRestEmpty({ text, end }: Lines, at: number, from: number): boolean {
  return at >= end || (text.charCodeAt(at) === HASH && at > from)
}
