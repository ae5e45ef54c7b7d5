import { setTimeout as delay } from 'node:timers/promises'
import { PEM_LIMIT_BYTES, readStartInTime } from '../files/read-file.ts'

/** How long a file's content must stay the same, how long it may be missing or empty, and how much of it is read. */
export interface ReadStableOptions {
  readonly settleMs?: number
  readonly absenceMs?: number
  /** One byte more says that the file is longer. Default: what a certificate may have. */
  readonly limitBytes?: number
  /** Hears why the file could not be read. */
  readonly onError?: (error: unknown) => void
}

// A writer that never pauses is not waited for longer than this; the next change brings the rest.
const longestMs = 10_000

/**
 * Reads a file that someone may be writing in place: until two reads in a row are equal. Missing
 * or empty is what a writer leaves for a moment, so it counts only after `absenceMs`; null: missing
 * or unreadable for that long.
 */
export async function readStable(
  file: string,
  options: ReadStableOptions = {},
): Promise<Buffer | null> {
  const { settleMs = 100, absenceMs = 1_000 } = options
  let previous = await read(file, options)
  for (let waitedMs = settleMs; ; waitedMs += settleMs) {
    await delay(settleMs)
    const next = await read(file, options)
    if (isSettled(previous, next) || waitedMs >= longestMs) return next
    if (!hasContent(next) && waitedMs >= absenceMs) return next
    previous = next
  }
}

const hasContent = (bytes: Buffer | null): bytes is Buffer => bytes !== null && bytes.length > 0

function isSettled(previous: Buffer | null, next: Buffer | null): boolean {
  return hasContent(previous) && hasContent(next) && next.equals(previous)
}

async function read(
  file: string,
  { limitBytes = PEM_LIMIT_BYTES, onError }: ReadStableOptions,
): Promise<Buffer | null> {
  try {
    return await readStartInTime(file, limitBytes)
  } catch (error) {
    onError?.(error)
    return null
  }
}
