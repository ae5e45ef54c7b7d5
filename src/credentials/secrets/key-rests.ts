import { createHmac, randomBytes } from 'node:crypto'

/** Which keys rest, and until when; one for the whole process, so that a reload wakes none. */
export interface KeyRests {
  /** Puts a key on cool-down; a later end wins. */
  readonly rest: (key: string, restMs: number) => void
  /** Milliseconds until a key may be used again; 0: now. */
  readonly waitMs: (key: string) => number
}

/** A longer rest is likelier a fault of the upstream's than a wish. */
export const LONGEST_REST_MS = 3_600_000

/** Remembers rests by a hash of the key itself, under a key of its own: one that is rotated meanwhile does not rest. */
export function createKeyRests(now: () => number = () => performance.now()): KeyRests {
  const ends = new Map<string, number>()
  const secret = randomBytes(32)
  const hash = (key: string): string => createHmac('sha256', secret).update(key).digest('base64')
  const rest = (key: string, restMs: number): void => {
    const time = now()
    for (const [other, end] of ends) if (end <= time) ends.delete(other)
    const end = time + Math.min(restMs, LONGEST_REST_MS)
    const id = hash(key)
    ends.set(id, Math.max(end, ends.get(id) ?? 0))
  }
  // Nearly always nothing rests, and there is nothing to look for.
  const waitMs = (key: string): number =>
    ends.size === 0 ? 0 : Math.max(0, (ends.get(hash(key)) ?? 0) - now())
  return { rest, waitMs }
}
