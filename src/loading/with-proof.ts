import type { LoadOptions } from '../config/load.ts'
import { findIdleOutcomes } from '../proof/idle-outcomes.ts'
import { createProve, findBroken } from '../proof/invariants/invariant-findings.ts'
import { createWorld } from '../proof/world.ts'

/** The same, and what a file says that comes to nothing is looked for too: for those who check it. */
export function withThoroughProof(options: LoadOptions): LoadOptions {
  return {
    ...options,
    prove(config) {
      const world = createWorld(config, options)
      return [...findBroken(world), ...findIdleOutcomes(world)]
    },
  }
}

/** Options by which a file's invariants are proved whenever it is loaded. */
export function withProof(options: LoadOptions): LoadOptions {
  return { ...options, prove: createProve(options) }
}
