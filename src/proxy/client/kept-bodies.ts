import type { Logger } from '../../observability/logger.ts'
import type { KeptBytes } from './body-queue.ts'

/** Bounds what bodies keep together, by the bytes that `readLimit` gives; says once in the log that it is too little, and again when it was enough since. */
export function createKeptBodies(readLimit: () => number, log: Logger): KeptBytes {
  let kept = 0
  let isFull = false
  return {
    take(bytes) {
      const limitBytes = readLimit()
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
      if (2 * kept < readLimit()) isFull = false
    },
  }
}
