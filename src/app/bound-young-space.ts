import { setFlagsFromString } from 'node:v8'
import { heapSpace } from './heap-space.ts'
import { isResting } from './rest-until-asked.ts'

/** From here on a small request costs hardly less CPU, but a stream more memory. */
const BOUND_BYTES = 8 * 2 ** 20

const LOOK_MS = 100

/**
 * Bounds V8's young space, which would grow to 128 MiB where much survives its collections: what
 * survives here are open streams, which leave it soon, and no room saves their copying. V8 shrinks
 * it in quiet times, and newer threads have Node 20 and 22 forget the flag: so it is set at each look.
 * It stays as it begins until somebody connects.
 * The little that survives in so small a space one thread has moved before others are awake.
 */
export function boundYoungSpace(): void {
  setFlagsFromString('--no-parallel-scavenge')
  growBy(1)
  setInterval(() => growBy(isResting() || isAtBound() ? 1 : 2), LOOK_MS).unref()
}

function growBy(factor: 1 | 2): void {
  setFlagsFromString(`--semi-space-growth-factor=${factor}`)
}

function isAtBound(): boolean {
  return (heapSpace('new_space')?.space_size ?? 0) >= BOUND_BYTES
}
