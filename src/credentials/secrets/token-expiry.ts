/** When a token ends that says so by itself, as a JWT does (RFC 7519 §4.1.4), as ISO 8601; null: it does not say. */
export function tokenExpiry(token: string): string | null {
  const [, payload = '', signature] = token.split('.')
  if (signature === undefined || payload === '') return null
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return typeof claims === 'object' && claims !== null && 'exp' in claims
      ? asTime(claims.exp)
      : null
  } catch {
    return null
  }
}

/** Milliseconds from 1970 that a Date may hold (ECMA-262 §21.4.1.1). */
const LAST_MS = 8.64e15

function asTime(seconds: unknown): string | null {
  if (typeof seconds !== 'number' || !(Math.abs(seconds) * 1000 <= LAST_MS)) return null
  return new Date(seconds * 1000).toISOString()
}
