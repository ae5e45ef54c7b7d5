import { compilePattern, PatternError } from '../language/pattern.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Checks a regular expression; one that was seen before costs a look-up. */
export type PatternCheck = (path: Path, source: string) => void

/** Creates the check of regular expressions. */
export function createPatternCheck({ report }: Pick<CheckContext, 'report'>): PatternCheck {
  const seen = new Map<string, PatternError | null>()
  return (path, source) => {
    let error = seen.get(source)
    if (error === undefined) {
      error = findError(source)
      seen.set(source, error)
    }
    if (error) report(describe(path, source, error))
  }
}

function findError(source: string): PatternError | null {
  try {
    compilePattern(source)
    return null
  } catch (error) {
    if (error instanceof PatternError) return error
    throw error
  }
}

function describe(path: Path, source: string, error: PatternError): ReturnType<typeof errorAt> {
  if (error.isNonLinear)
    return errorAt(path, 'slow-regex', `this regular expression is refused: ${error.reason}`, {
      ...withinOf(source, NON_LINEAR),
      hint: slowHint(source),
    })
  return errorAt(path, 'bad-regex', `this is no regular expression: ${error.reason}`, {
    ...withinOf(source, faultyPart(error.reason)),
    hint: 'the syntax is RE2; a backslash makes the next character stand for itself',
  })
}

const NON_LINEAR = /\\[1-9]|\\k<|\(\?<?[=!]|\(\?>|[*+?}]\+|\{\d+(,\d*)?\}/

/** RE2 quotes the faulty part between backticks at the end of its message. */
function faultyPart(reason: string): RegExp | null {
  const part = /`(.+)`$/.exec(reason)?.[1]
  return part ? new RegExp(part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')) : null
}

function withinOf(
  source: string,
  sign: RegExp | null,
): { within?: { start: number; end: number } } {
  const found = sign?.exec(source)
  return found ? { within: { start: found.index, end: found.index + found[0].length } } : {}
}

function slowHint(source: string): string {
  if (/\(\?<?[=!]/.test(source))
    return 'put what must not be into a rule of its own before this one, or use "not"'
  if (/\\[1-9]|\\k</.test(source)) return 'name what may be repeated instead'
  return 'repeat less often, or check the length elsewhere'
}
