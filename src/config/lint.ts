import type { CheckContext } from './check-context.ts'

/** Warns of what is allowed, but seldom meant. */
export function lint(_context: CheckContext): void {}
