import type { LoadOptions } from '../config/load.ts'
import { createProve } from '../proof/invariant-findings.ts'

/** Options by which a file's invariants are proved whenever it is loaded. */
export function withProof(options: LoadOptions): LoadOptions {
  return { ...options, prove: createProve(options) }
}
