import type { CheckContext } from './check-context.ts'

/** Checks what the schema can't say. */
export function checkSemantics(_context: CheckContext): void {}
