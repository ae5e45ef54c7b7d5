import { randomBytes } from 'node:crypto'

/** Where a request stands in a trace (W3C Trace Context, https://www.w3.org/TR/trace-context/). */
export interface TraceContext {
  /** 32 small hex digits. */
  readonly traceId: string
  /** 16 small hex digits. */
  readonly spanId: string
  /** 1: whoever sent it records it. */
  readonly flags: number
}

/** Of version 00 exactly this; a later version may have more behind it. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/
/** The whole, and its groups: all but the last are always there. */
type Groups = readonly [string, string, string, string, string, string?]
const NO_TRACE = '0'.repeat(32)
const NO_SPAN = '0'.repeat(16)

/** Reads a traceparent; null: it is none. */
export function parseTraceparent(value: string): TraceContext | null {
  const match = TRACEPARENT.exec(value)
  if (match === null) return null
  const [, version, traceId, spanId, flags, more] = match as unknown as Groups
  if (version === 'ff' || (version === '00' && more !== undefined)) return null
  if (traceId === NO_TRACE || spanId === NO_SPAN) return null
  return { traceId, spanId, flags: Number.parseInt(flags, 16) }
}

/** Writes a traceparent of version 00. */
export function formatTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${(flags & 1).toString(16).padStart(2, '0')}`
}

/** Begins a trace that nobody records yet. */
export function createTraceContext(): TraceContext {
  const digits = randomBytes(24).toString('hex')
  return { traceId: digits.slice(0, 32), spanId: digits.slice(32), flags: 0 }
}

/** Keys of one system, or of a tenant at a system. */
const STATE_KEY =
  /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/
const STATE_VALUE = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/
const MOST_MEMBERS = 32
const MOST_CHARACTERS = 512

/** Whether a tracestate is one: up to 32 members, each key once. */
export function isTracestate(value: string): boolean {
  if (value.length > MOST_CHARACTERS) return false
  const members = value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '')
  const keys = members.map((member) => member.slice(0, Math.max(0, member.indexOf('='))))
  if (members.length === 0 || members.length > MOST_MEMBERS) return false
  if (new Set(keys).size !== keys.length) return false
  return members.every((member, index) => {
    const key = keys[index] as string
    return STATE_KEY.test(key) && STATE_VALUE.test(member.slice(key.length + 1))
  })
}
