import { createHash } from 'node:crypto'

/** Names content by the first 12 hex digits of its SHA-256. */
export function contentHash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12)
}
