import type { DiagnosticCode } from './diagnostic-code.ts'

/** A place in a configuration file; line and column count from 1, in characters. */
export interface Position {
  readonly file: string
  readonly line: number
  readonly column: number
  /** How many characters on that line are meant; at least 1. */
  readonly length: number
}

export type Severity = 'error' | 'warning'

/** One finding about a configuration. */
export interface Diagnostic extends Position {
  /** Stable kebab-case code, documented in docs/diagnostics.md. */
  readonly code: DiagnosticCode
  readonly severity: Severity
  /** The place in the document's own words, such as `routes[0].rules[1].use`; empty for the whole file. */
  readonly path: string
  /** What is wrong, without place and hint. */
  readonly message: string
  /** What to do about it, such as `did you mean "use"?`. */
  readonly hint?: string
  /** A request that shows it, as a command line. */
  readonly witness?: string
  /** The source line it points at, for the code frame. */
  readonly sourceLine?: string
}
