import { GIVE_UP, type Lines } from './lines.ts'

/** A value on one line, and where it ends. */
export interface Inline {
  readonly value: unknown
  readonly end: number
}

/** A key of a block map. */
export interface Key {
  readonly name: string
  readonly start: number
  readonly end: number
  /** After its colon. */
  readonly next: number
}

const SPACE = 32
const COLON = 58
const COMMA = 44
const HASH = 35
const OPEN_LIST = 91
const CLOSE_LIST = 93
const OPEN_MAP = 123
const CLOSE_MAP = 125
const SINGLE = 39
const DOUBLE = 34

/** Reads `key:` at the beginning of a line's content; null where there is no key. */
export function readKey(text: string, at: number, end: number): Key | null {
  const first = text.charCodeAt(at)
  if (first === OPEN_LIST || first === OPEN_MAP) return null
  if (first === SINGLE || first === DOUBLE) {
    const quoted = readQuoted(text, at, end)
    if (text.charCodeAt(quoted.end) !== COLON || !isColonAt(text, quoted.end, end)) return null
    return { name: quoted.value as string, start: at, end: quoted.end, next: quoted.end + 1 }
  }
  for (let i = at; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === HASH && i > at && text.charCodeAt(i - 1) === SPACE) return null
    if (code !== COLON || !isColonAt(text, i, end)) continue
    checkStart(text, at, false)
    const name = text.slice(at, i).trimEnd()
    if (name === '' || name.length > 1000) throw GIVE_UP
    return { name, start: at, end: at + name.length, next: i + 1 }
  }
  return null
}

function isColonAt(text: string, at: number, end: number): boolean {
  return at + 1 >= end || text.charCodeAt(at + 1) === SPACE
}

/** Reads a scalar or a flow collection that ends on its line. */
export function readInline(lines: Lines, at: number): Inline {
  const { text, end } = lines
  switch (text.charCodeAt(at)) {
    case OPEN_LIST:
      return readFlowList(lines, at, 0)
    case OPEN_MAP:
      return readFlowMap(lines, at, 0)
    case SINGLE:
    case DOUBLE:
      return readQuoted(text, at, end)
    default:
      return readPlainScalar(text, at, end)
  }
}

function readPlainScalar(text: string, at: number, end: number): Inline {
  checkStart(text, at, false)
  let stop = end
  for (let i = at; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code === COLON && isColonAt(text, i, end)) throw GIVE_UP
    if (code === HASH && text.charCodeAt(i - 1) === SPACE) {
      stop = i
      break
    }
  }
  return resolve(text.slice(at, stop).trimEnd(), at)
}

function readFlowValue(lines: Lines, at: number, depth: number): Inline {
  if (depth > 32) throw GIVE_UP
  switch (lines.text.charCodeAt(at)) {
    case OPEN_LIST:
      return readFlowList(lines, at, depth)
    case OPEN_MAP:
      return readFlowMap(lines, at, depth)
    case SINGLE:
    case DOUBLE:
      return readQuoted(lines.text, at, lines.end)
    default:
      return readFlowScalar(lines.text, at, lines.end)
  }
}

function readFlowList(lines: Lines, start: number, depth: number): Inline {
  const value: unknown[] = []
  const offsets: number[] = []
  let at = skip(lines, start + 1)
  while (lines.text.charCodeAt(at) !== CLOSE_LIST) {
    const item = readFlowValue(lines, at, depth + 1)
    value.push(item.value)
    offsets.push(at, item.end, at, item.end)
    at = nextEntry(lines, skip(lines, item.end), CLOSE_LIST)
  }
  lines.spans?.set(value, { keys: null, offsets })
  return { value, end: at + 1 }
}

function readFlowMap(lines: Lines, start: number, depth: number): Inline {
  const { text } = lines
  const value: Record<string, unknown> = {}
  const keys: string[] = []
  const offsets: number[] = []
  let at = skip(lines, start + 1)
  while (text.charCodeAt(at) !== CLOSE_MAP) {
    const key = readFlowKey(lines, at)
    if (key.name === '__proto__' || Object.hasOwn(value, key.name)) throw GIVE_UP
    const valueAt = skip(lines, key.next)
    const entry = readFlowValue(lines, valueAt, depth + 1)
    keys.push(key.name)
    offsets.push(key.start, key.end, valueAt, entry.end)
    value[key.name] = entry.value
    at = nextEntry(lines, skip(lines, entry.end), CLOSE_MAP)
  }
  lines.spans?.set(value, { keys, offsets })
  return { value, end: at + 1 }
}

function readFlowKey({ text, end }: Lines, at: number): Key {
  const first = text.charCodeAt(at)
  const isQuoted = first === SINGLE || first === DOUBLE
  const scalar = isQuoted ? readQuoted(text, at, end) : readFlowScalar(text, at, end)
  const name = isQuoted ? (scalar.value as string) : text.slice(at, scalar.end)
  let colon = scalar.end
  while (text.charCodeAt(colon) === SPACE) colon++
  if (name === '' || text.charCodeAt(colon) !== COLON || text.charCodeAt(colon + 1) !== SPACE)
    throw GIVE_UP
  return { name, start: at, end: scalar.end, next: colon + 1 }
}

/** Goes over the comma to the next entry, or stays at the closing bracket. */
function nextEntry(lines: Lines, at: number, close: number): number {
  const code = lines.text.charCodeAt(at)
  if (code === close) return at
  if (code !== COMMA) throw GIVE_UP
  return skip(lines, at + 1)
}

function skip({ text, end }: Lines, from: number): number {
  let at = from
  while (at < end && text.charCodeAt(at) === SPACE) at++
  if (at >= end) throw GIVE_UP
  return at
}

function readFlowScalar(text: string, at: number, end: number): Inline {
  checkStart(text, at, true)
  let i = at
  for (; i < end; i++) {
    const code = text.charCodeAt(i)
    if (isFlowIndicator(code)) break
    if (code === COLON && (isColonAt(text, i, end) || isFlowIndicator(text.charCodeAt(i + 1))))
      break
    if (code === HASH && text.charCodeAt(i - 1) === SPACE) throw GIVE_UP
  }
  if (i >= end) throw GIVE_UP
  return resolve(text.slice(at, i).trimEnd(), at)
}

function isFlowIndicator(code: number): boolean {
  return (
    code === COMMA ||
    code === OPEN_LIST ||
    code === CLOSE_LIST ||
    code === OPEN_MAP ||
    code === CLOSE_MAP
  )
}

/** Reads a quoted text; escapes that JSON knows too mean the same in YAML. */
function readQuoted(text: string, at: number, end: number): Inline {
  const quote = text.charCodeAt(at)
  let isEscaped = false
  for (let i = at + 1; i < end; i++) {
    const code = text.charCodeAt(i)
    if (quote === DOUBLE && code === 92) {
      isEscaped = true
      i++
    } else if (code === quote) {
      if (quote === SINGLE && text.charCodeAt(i + 1) === SINGLE) {
        isEscaped = true
        i++
      } else return { value: unquote(text.slice(at + 1, i), quote, isEscaped), end: i + 1 }
    }
  }
  throw GIVE_UP
}

function unquote(body: string, quote: number, isEscaped: boolean): string {
  if (!isEscaped) return body
  if (quote === SINGLE) return body.replaceAll("''", "'")
  if (!/^(?:[^\\]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*$/.test(body)) throw GIVE_UP
  return JSON.parse(`"${body}"`) as string
}

/** Characters that begin something else than a plain text. */
const INDICATORS = new Set([...',[]{}#&*!|>\'"%@`'].map((character) => character.charCodeAt(0)))
const BEFORE_TEXT = new Set([...'-?:'].map((character) => character.charCodeAt(0)))

function checkStart(text: string, at: number, isFlow: boolean): void {
  const code = text.charCodeAt(at)
  if (INDICATORS.has(code)) throw GIVE_UP
  if (!BEFORE_TEXT.has(code)) return
  const next = text.charCodeAt(at + 1)
  if (!(next > SPACE) || (isFlow && isFlowIndicator(next))) throw GIVE_UP
}

/** What a plain text stands for in YAML's core schema. */
function resolve(text: string, at: number): Inline {
  const end = at + text.length
  if (!/^[-+.~0-9nNtTfF]/.test(text)) return { value: text, end }
  switch (text) {
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return { value: null, end }
    case 'true':
    case 'True':
    case 'TRUE':
      return { value: true, end }
    case 'false':
    case 'False':
    case 'FALSE':
      return { value: false, end }
  }
  if (/^[-+]?\d{1,15}$/.test(text)) return { value: Number(text), end }
  if (LOOKS_NUMERIC.test(text)) throw GIVE_UP
  return { value: text, end }
}

const LOOKS_NUMERIC =
  /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|[-+]?\.inf|\.nan|0x[0-9a-f]+|0o[0-7]+)$/i
