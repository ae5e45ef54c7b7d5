import type { Forward } from './decision.ts'

const NOTHING: readonly never[] = []

/**
 * A decision as it is told of once its request has left and its response has begun: without what
 * left, and without what it was made from, which is all that came. The values that must not be shown
 * stay: what is told later is looked through for them.
 */
export function withoutRequest(forward: Forward): Forward {
  return {
    ...forward,
    balanceKey: null,
    fallbacks: NOTHING,
    target: '',
    headers: NOTHING,
    editResponse: asItIs,
    editOwn: null,
    charges: NOTHING,
    secret: null,
    secrets: NOTHING,
  }
}

function asItIs(fields: string[]): string[] {
  return fields
}
