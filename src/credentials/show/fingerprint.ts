import { createHmac, randomBytes } from 'node:crypto'

/** Hex digits of a fingerprint: enough to tell credentials apart, far too few to test guesses with. */
const DIGITS = 8

/** Makes a key, for processes that are to tell the same credentials apart alike. */
export function createFingerprintKey(): Buffer {
  return randomBytes(32)
}

/**
 * Makes a function that tells one credential from another in logs: 8 hex digits of an HMAC-SHA256
 * under a random key, so that nobody can check a guessed credential against them.
 */
export function createFingerprint(key: Buffer = createFingerprintKey()): (value: string) => string {
  return (value) => createHmac('sha256', key).update(value).digest('hex').slice(0, DIGITS)
}
