import { createHash } from 'node:crypto'

/** Names a file's content by the first 12 hex digits of its SHA-256, as `Snapshot.hash` does. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
