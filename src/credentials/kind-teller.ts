import type { NormalKind } from '../config/shapes/normal-config.ts'
import { type Classify, createClassifier } from './classify.ts'
import { createKindScanner, type KindScanner } from './naming/kind-scanner.ts'

/** Tells kinds: of a value that is known to be a credential, and of whatever a text holds. */
export interface KindTeller {
  /** The kind of a credential's value; a kind named `unknown` where nothing fits. */
  readonly classify: Classify
  readonly scanner: KindScanner
}

/** Compiles kinds for both; throws PatternError. */
export function createKindTeller(kinds: readonly NormalKind[]): KindTeller {
  return { classify: createClassifier(kinds), scanner: createKindScanner(kinds) }
}
