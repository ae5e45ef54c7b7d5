import type { Logger } from '../../observability/logger.ts'
import type { KeptBytes } from './body-queue.ts'

/** Bytes that all bodies together may keep to be sent again. */
export const KEPT_BODIES_BYTES: number = 256 * 1024 * 1024

/** Bounds what bodies keep together; says once in the log that it is too little, and again when it was enough since. */
export function createKeptBodies(limitBytes: number, log: Logger): KeptBytes {
  let kept = 0
  let isFull = false
  return {
    take(bytes) {
      if (kept + bytes > limitBytes) {
        if (!isFull)
          log.warn({ limitBytes }, 'bodies are not kept to be sent again: they are too many')
        isFull = true
        return false
      }
      kept += bytes
      return true
    },
    giveBack(bytes) {
      kept -= bytes
      if (2 * kept < limitBytes) isFull = false
    },
  }
}
