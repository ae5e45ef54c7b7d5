import type { Finding, Report } from '../diagnostics/finding.ts'
import type { Model } from '../schema/model.ts'
import type { Catalogue } from '../shapes/catalogue.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { NormalKind } from '../shapes/normal-config.ts'
import type { Path } from '../text/document.ts'

/** What the checks look at, and where their findings go. */
export interface CheckContext {
  readonly model: Model
  readonly catalogue: Catalogue
  /** Kinds of credentials as they hold: the file's over the catalogue's. */
  readonly kinds: readonly NormalKind[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly report: Report
}

/** An error at a node of the document. */
export function errorAt(
  path: Path,
  code: DiagnosticCode,
  message: string,
  more: Partial<Finding> = {},
): Finding {
  return { code, severity: 'error', path, message, ...more }
}

/** A warning at a node of the document. */
export function warningAt(
  path: Path,
  code: DiagnosticCode,
  message: string,
  more: Partial<Finding> = {},
): Finding {
  return { code, severity: 'warning', path, message, ...more }
}
