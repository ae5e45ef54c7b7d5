import { setFlagsFromString } from 'node:v8'
import { heapSpace } from './heap-space.ts'

/** How much may become old before all that is old is looked through. */
const ROOM_BYTES = 24 * 2 ** 20

const LOOK_MS = 1_000

/**
 * Has V8 wait longer for the next full collection while little is old. At a few thousand requests a
 * second it gives a heap like ours room for some eight MiB, and starts marking once less is left than
 * the young space takes: that is nearly at once, and the requests of those 20 ms wait. Larger heaps
 * get their room from V8.
 */
export function spaceFullCollections(): void {
  growByRoom()
  setInterval(growByRoom, LOOK_MS).unref()
}

function growByRoom(): void {
  const oldBytes = heapSpace('old_space')?.space_used_size ?? ROOM_BYTES
  const percent = Math.floor((100 * ROOM_BYTES) / oldBytes)
  // Set at each look: newer threads have Node 20 and 22 forget it.
  setFlagsFromString(`--heap-growing-percent=${percent < 100 ? 0 : percent}`)
}
