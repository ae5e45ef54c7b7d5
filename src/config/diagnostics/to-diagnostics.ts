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
  const placed = findings.map((finding) => ({
    finding,
    place: locate(finding.span ?? spanOf(document, finding)),
  }))
  const literals = placed.filter(({ finding }) => finding.code === 'literal-secret')
  const diagnostics = placed.map(({ finding, place }): Diagnostic => {
    const { code, severity, message, hint, witness, path } = finding
    const onLine = literals.filter((literal) => literal.place.line === place.line)
    return {
      ...place,
      sourceLine: onLine.reduce(
        (line, literal) => withStars(line, literal.place),
        mask(place.sourceLine),
      ),
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

/** A line without a credential of which the mask knew nothing: that it is one is told by its place. */
function withStars(
  line: string,
  { column, length }: Pick<Diagnostic, 'column' | 'length'>,
): string {
  const characters = [...line]
  const literal = characters.slice(column - 1, column - 1 + length)
  if (literal.includes('*')) return line
  return characters.toSpliced(column - 1, literal.length, '*'.repeat(literal.length)).join('')
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
