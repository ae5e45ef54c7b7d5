import type { Document, Path } from '../text/document.ts'
import type { Span } from '../text/position.ts'
import { findSpan } from './find-span.ts'
import type { Finding } from './finding.ts'

/**
 * Leaves out findings about what a syntax error made of the text around it: those on the same or a
 * neighbouring line, and those in the same route, upstream or other entry.
 */
export function withoutDamage(
  document: Document,
  syntax: readonly Finding[],
  findings: readonly Finding[],
): readonly Finding[] {
  const broken = syntax.flatMap(({ span }) =>
    span ? [neighbourhood(document.text, span.start)] : [],
  )
  if (broken.length === 0) return findings
  return findings.filter((finding) => {
    const span = finding.span ?? findSpan(document, finding.path, finding.part ?? 'value')
    const unit = unitSpan(document, finding.path)
    return !broken.some(
      ({ lines, at }) =>
        (span.start >= lines.start && span.start < lines.end) ||
        (unit !== null && at >= unit.start && at < unit.end),
    )
  })
}

/** An offset with the lines around it. */
function neighbourhood(text: string, at: number): { at: number; lines: Span } {
  const line = text.lastIndexOf('\n', at - 1) + 1
  const start = text.lastIndexOf('\n', line - 2) + 1
  const next = text.indexOf('\n', at)
  const end = next < 0 ? -1 : text.indexOf('\n', next + 1)
  return { at, lines: { start, end: end < 0 ? text.length + 1 : end + 1 } }
}

function unitSpan(document: Document, path: Path): Span | null {
  return path.length < 2 ? null : findSpan(document, path.slice(0, 2), 'value')
}
