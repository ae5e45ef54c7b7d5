import { compilePattern } from '../../config/language/pattern.ts'
import type { NormalMatcher } from '../../config/shapes/normal-config.ts'

/** Tests one value; `capture` receives what named groups caught. undefined: there is no value. */
export type Matcher = (
  value: string | undefined,
  capture: (captures: Readonly<Record<string, string>>) => void,
) => boolean

/** Compiles a matcher; the cheapest of its tests come first. */
export function compileMatcher(matcher: NormalMatcher): Matcher {
  const tests = compileTests(matcher)
  const { present } = matcher
  if (present === false) return (value) => value === undefined
  const [only] = tests
  if (tests.length === 1 && only)
    return (value, capture) => value !== undefined && only(value, capture)
  return (value, capture) => value !== undefined && tests.every((test) => test(value, capture))
}

type Test = (
  value: string,
  capture: (captures: Readonly<Record<string, string>>) => void,
) => boolean

function compileTests({
  equals,
  prefix,
  suffix,
  contains,
  matches,
  ...rest
}: NormalMatcher): Test[] {
  const tests: Test[] = []
  if (equals !== undefined) tests.push((value) => value === equals)
  if (rest.in !== undefined) {
    const values: ReadonlySet<string> = new Set(rest.in)
    tests.push((value) => values.has(value))
  }
  if (prefix !== undefined) tests.push((value) => value.startsWith(prefix))
  if (suffix !== undefined) tests.push((value) => value.endsWith(suffix))
  if (contains !== undefined) tests.push((value) => value.includes(contains))
  if (matches !== undefined) tests.push(compileMatches(matches))
  return tests
}

function compileMatches(source: string): Test {
  const pattern = compilePattern(source)
  if (pattern.groups.length === 0) return pattern.test
  return (value, capture) => {
    const captures = pattern.capture(value)
    if (captures) capture(captures)
    return captures !== null
  }
}

/** A matcher in words, such as `matches ^sk-ant-`. */
export function describeMatcher(matcher: NormalMatcher): string {
  const words = Object.entries(matcher).map(([key, value]) => {
    if (key === 'present') return value ? 'is present' : 'is absent'
    if (key === 'in') return `is one of ${(value as string[]).join(', ')}`
    return key === 'equals' ? `is ${value}` : `${key} ${value}`
  })
  return words.join(' and ')
}
