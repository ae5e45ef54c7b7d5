import type { Severity } from '../shapes/diagnostic.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { Path } from '../text/document.ts'
import type { Span } from '../text/position.ts'

/** A finding before its place is looked up: it points at a node of the document, not at a line. */
export interface Finding {
  readonly code: DiagnosticCode
  readonly severity: Severity
  readonly path: Path
  readonly message: string
  readonly hint?: string
  /** A request that shows it, as a command line. */
  readonly witness?: string
  /** Which part of the node is meant: the key it stands under, or (the default) its value. */
  readonly part?: 'key' | 'value'
  /** The part of a text that is meant, in characters of the value. */
  readonly within?: Span
  /** Where it stands, when no node of the document stands there. */
  readonly span?: Span
}

/** Takes findings as they come. */
export type Report = (finding: Finding) => void
