import { PathPatternError } from '../language/path-pattern.ts'
import { PatternError } from '../language/pattern.ts'
import { SentenceError } from '../language/sentence-error.ts'
import { CantTell } from './reasoning/verdict.ts'

/** The result of `test`; `otherwise` where it meets a text that can't be read, which is reported elsewhere. */
export function orElse<T>(test: () => T, otherwise: T): T {
  try {
    return test()
  } catch (error) {
    if (UNREADABLE.some((type) => error instanceof type) || isAddressError(error)) return otherwise
    throw error
  }
}

const UNREADABLE = [PatternError, PathPatternError, SentenceError, CantTell]

function isAddressError(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('ipaddr:')
}
