import { parseHttpDate } from './http-date.ts'

/** Reads a Retry-After field (RFC 9110 §10.2.3), seconds or a date, as milliseconds from `now`; null where it is neither. */
export function parseRetryAfter(text: string, now: number): number | null {
  const trimmed = text.trim()
  if (/^\d{1,9}$/.test(trimmed)) return Number(trimmed) * 1000
  const date = parseHttpDate(trimmed, now)
  return date === null ? null : Math.max(0, date - now)
}
