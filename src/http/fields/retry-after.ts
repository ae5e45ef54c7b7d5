import { findFieldValue } from './field-value.ts'
import { parseHttpDate } from './http-date.ts'

/**
 * How long a response asks to wait, in milliseconds from `now`: `retry-after-ms`, by which the
 * clients of OpenAI and Anthropic go too, else Retry-After; null: it does not say.
 */
export function readRetryAfter(fields: readonly string[], now: number): number | null {
  const exact = findFieldValue(fields, 'retry-after-ms')
  const exactMs = exact === null ? null : parseMilliseconds(exact)
  // Those clients take 0 for nothing said, too.
  if (exactMs !== null && exactMs > 0) return exactMs
  const field = findFieldValue(fields, 'retry-after')
  return field === null ? null : parseRetryAfter(field, now)
}

function parseMilliseconds(text: string): number | null {
  const trimmed = text.trim()
  return /^\d{1,12}(\.\d+)?$/.test(trimmed) ? Number(trimmed) : null
}

/** Reads a Retry-After field (RFC 9110 §10.2.3), seconds or a date, as milliseconds from `now`; null where it is neither. */
export function parseRetryAfter(text: string, now: number): number | null {
  const trimmed = text.trim()
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed) * 1000
  const date = parseHttpDate(trimmed, now)
  return date === null ? null : Math.max(0, date - now)
}
