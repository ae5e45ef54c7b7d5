import { createHmac, randomBytes } from 'node:crypto'

/** Hex digits of a fingerprint: enough to tell credentials apart, far too few to test guesses with. */
const DIGITS = 8

/**
 * Makes a function that tells one credential from another in logs: 8 hex digits of an HMAC-SHA256
 * under a random key of its own, so that nobody can check a guessed credential against them.
 */
export function createFingerprint(): (value: string) => string {
  const key = randomBytes(32)
  return (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, DIGITS)
}
