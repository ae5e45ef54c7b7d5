import { setImmediate as nextTurn } from 'node:timers/promises'

/** Work that can be left off at each `yield`. */
export type Steps<Result> = Generator<void, Result>

/** How long the event loop may be kept. */
const SLICE_MS = 5

/** Does the work at once. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** Does the work in slices; whatever else waits has its turn between them. */
export async function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  return (await inSlicesUntil(steps, NEVER)) as Result
}

const NEVER = (): boolean => false

/** The same, as long as it is not over; null: it was before the work was done. */
export async function inSlicesUntil<Result>(
  steps: Steps<Result>,
  isOver: () => boolean,
): Promise<Result | null> {
  let sliceEnd = performance.now() + SLICE_MS
  for (;;) {
    if (isOver()) return null
    const step = steps.next()
    if (step.done) return step.value
    if (performance.now() < sliceEnd) continue
    await nextTurn()
    sliceEnd = performance.now() + SLICE_MS
  }
}
