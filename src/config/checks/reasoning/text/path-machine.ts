import { parsePathPattern } from '../../../language/path-pattern.ts'
import { ALL, codesOf, DEAD, type Machine } from './machine.ts'

const SLASH = 47

/** One code of a literal, or the first or a later one of a parameter. */
type Element = number | 'first' | 'later'

/** Accepts the paths that a path pattern matches; throws PathPatternError. */
export function pathMachine(pattern: string): Machine {
  const { segments, isPrefix } = parsePathPattern(pattern)
  const elements: readonly Element[] = segments.flatMap((segment): Element[] => [
    SLASH,
    ...(segment.type === 'literal' ? codesOf(segment.text) : (['first', 'later'] as const)),
  ])
  const end = elements.length
  const step = (state: number, code: number): number => {
    const element = elements[state]
    if (element === undefined) return isPrefix && code === SLASH ? ALL : DEAD
    if (element === 'later') return code === SLASH ? step(state + 1, code) : state
    if (element === 'first') return code === SLASH ? DEAD : state + 1
    return element === code ? state + 1 : DEAD
  }
  return {
    start: 0,
    // A bare `/*` takes `/` and what is below it; a path always has that slash.
    accepts: (state) =>
      state === end ? end > 0 : elements[state] === 'later' && state === end - 1,
    step,
    cuts: (state) => {
      const element = elements[state]
      const code = typeof element === 'number' ? element : SLASH
      return [code, code + 1]
    },
  }
}
