import { createKindScanner, type KindScanner } from '../config/naming/kind-scanner.ts'
import type { NormalKind } from '../config/shapes/normal-config.ts'
import { type Classify, createClassifier } from './classify.ts'

/** Tells kinds: of a value that is known to be a credential, and of whatever a text holds. */
export interface KindTeller {
  /** The kind of a credential's value; a kind named `unknown` where nothing fits. */
  readonly classify: Classify
  readonly scanner: KindScanner
}

const known = new WeakMap<readonly NormalKind[], KindTeller>()

/** Compiles kinds for both, a list once; throws PatternError. */
export function createKindTeller(kinds: readonly NormalKind[]): KindTeller {
  const teller = known.get(kinds) ?? {
    classify: createClassifier(kinds),
    scanner: createKindScanner(kinds),
  }
  known.set(kinds, teller)
  return teller
}
