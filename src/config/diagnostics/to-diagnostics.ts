import type { Diagnostic } from '../shapes/diagnostic.ts'
import type { NormalKind } from '../shapes/normal-config.ts'
import {
  type Document,
  formatPath,
  type SourceFile,
  valueAt,
  writtenPath,
} from '../text/document.ts'
import { createLocator, type Span } from '../text/position.ts'
import { findSpan, verbatimOffset } from './find-span.ts'
import type { Finding } from './finding.ts'
import { createMask } from './mask.ts'

/** Looks up where findings stand, in the file's order; credentials are masked in all they say. */
export function toDiagnostics(
  source: SourceFile,
  document: Document | null,
  findings: readonly Finding[],
  kinds: readonly NormalKind[],
): readonly Diagnostic[] {
  if (findings.length === 0) return []
  const locate = createLocator(source.file, source.text.replace(/^\uFEFF/, ''))
  const mask = createMask(kinds)
  const diagnostics = findings.map((finding): Diagnostic => {
    const { code, severity, message, hint, witness, path } = finding
    const place = locate(finding.span ?? spanOf(document, finding))
    return {
      ...place,
      sourceLine: mask(place.sourceLine),
      code,
      severity,
      path: mask(formatPath(document ? writtenPath(document, path) : path)),
      message: mask(message),
      ...(hint === undefined ? {} : { hint: mask(hint) }),
      ...(witness === undefined ? {} : { witness: mask(witness) }),
    }
  })
  return withoutRepeats(diagnostics.sort(byPlace))
}

function spanOf(document: Document | null, finding: Finding): Span {
  if (!document) return { start: 0, end: 1 }
  const span = findSpan(document, finding.path, finding.part ?? 'value')
  const value = finding.within && valueAt(document.value, finding.path)
  const start = typeof value === 'string' ? verbatimOffset(document, finding.path, value) : null
  if (start === null || !finding.within) return span
  return { start: start + finding.within.start, end: start + finding.within.end }
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.line - b.line || a.column - b.column
}

function withoutRepeats(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter((diagnostic, index) => {
    const before = diagnostics[index - 1]
    return (
      before?.line !== diagnostic.line ||
      before.column !== diagnostic.column ||
      before.message !== diagnostic.message
    )
  })
}
