import { setFlagsFromString } from 'node:v8'

let isHeld = false

/**
 * Has V8 leave its optimizing compilers alone until `wakeUp`, as the launcher does from its first line
 * on: a start makes a dozen functions hot, and would load for them several MiB of Node's program that
 * an idle process has no use for. Nor does the young space grow.
 */
export function restUntilAsked(): void {
  isHeld = true
  setFlagsFromString('--semi-space-growth-factor=1')
  setFilters('-*')
}

/** Somebody has connected, or there is more to do than a start of `serve` does. */
export function wakeUp(): void {
  isHeld = false
  setFilters('*')
}

/** Whether nobody has connected yet. */
export function isResting(): boolean {
  return isHeld
}

// Not by switches, which somebody may have set, and some are not each Node's own: by the names of what
// may be optimized.
function setFilters(names: '*' | '-*'): void {
  setFlagsFromString(`--turbo-filter=${names}`)
  setFlagsFromString(`--maglev-filter=${names}`)
}
