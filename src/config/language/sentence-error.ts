import type { Report } from '../diagnostics/finding.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { Path } from '../text/document.ts'
import type { Span } from '../text/position.ts'

/** Says what is wrong in a sentence or a placement, and where in its text. */
export class SentenceError extends Error {
  override readonly name = 'SentenceError'
  readonly reason: string
  readonly hint: string | null
  readonly offset: number
  readonly length: number

  constructor(reason: string, hint: string | null, offset: number, length: number) {
    super(reason)
    this.reason = reason
    this.hint = hint
    this.offset = offset
    this.length = length
  }

  /** Of what stands between two offsets. */
  static over({ start, end }: Span, reason: string, hint: string | null): SentenceError {
    return new SentenceError(reason, hint, start, end - start)
  }
}

/** The result of a parse; a SentenceError becomes a finding, and null. */
export function reportSentence<T>(
  parse: () => T,
  target: { readonly path: Path; readonly code: DiagnosticCode; readonly report: Report },
): T | null {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof SentenceError)) throw error
    const { path, code, report } = target
    report({
      code,
      severity: 'error',
      path,
      message: error.reason,
      ...(error.length > 0
        ? { within: { start: error.offset, end: error.offset + error.length } }
        : {}),
      ...(error.hint === null ? {} : { hint: error.hint }),
    })
    return null
  }
}
