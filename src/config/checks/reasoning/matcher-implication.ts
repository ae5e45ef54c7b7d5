import { compilePattern } from '../../language/pattern.ts'
import type { NormalMatcher } from '../../shapes/normal-config.ts'

/** Whether every text that `a` matches is matched by `b` too. Where there is no telling, it says no. */
export function impliesMatcher(a: NormalMatcher, b: NormalMatcher): boolean {
  if (a.present === false || b.present === false) return a.present === b.present
  const facts = factsOf(a)
  if (facts.values) return facts.values.every((value) => accepts(b, value))
  return (Object.keys(b) as (keyof NormalMatcher)[]).every(
    (key) =>
      key === 'present' || a[key] === b[key] || isKnown(facts.rest, factsOf({ [key]: b[key] })),
  )
}

/** Whether no text is matched by both. */
export function isDisjoint(a: NormalMatcher, b: NormalMatcher): boolean {
  if (a.present === false || b.present === false) return a.present !== b.present
  const [left, right] = [factsOf(a), factsOf(b)]
  if (left.values) return !left.values.some((value) => accepts(b, value))
  if (right.values) return !right.values.some((value) => accepts(a, value))
  return (
    clash(left.rest.prefix, right.rest.prefix, (x, y) => x.startsWith(y)) ||
    clash(left.rest.suffix, right.rest.suffix, (x, y) => x.endsWith(y))
  )
}

function clash(
  a: string | undefined,
  b: string | undefined,
  fits: (x: string, y: string) => boolean,
): boolean {
  return a !== undefined && b !== undefined && !fits(a, b) && !fits(b, a)
}

/** Whether a text that is there matches. */
export function accepts(matcher: NormalMatcher, value: string): boolean {
  const { equals, prefix, suffix, contains, matches, in: list, present } = matcher
  return (
    present !== false &&
    (equals === undefined || value === equals) &&
    (prefix === undefined || value.startsWith(prefix)) &&
    (suffix === undefined || value.endsWith(suffix)) &&
    (contains === undefined || value.includes(contains)) &&
    (list === undefined || list.includes(value)) &&
    (matches === undefined || compilePattern(matches).test(value))
  )
}

/** What every text that matches starts with; null: that is not known, or such texts are listed. */
export function requiredPrefix(matcher: NormalMatcher): string | null {
  const { values, rest } = factsOf(matcher)
  return values ? null : (rest.prefix ?? null)
}

interface Facts {
  /** All texts that can match; null: too many to list. */
  readonly values: readonly string[] | null
  readonly rest: {
    readonly prefix?: string
    readonly suffix?: string
    readonly contains?: string
    /** A regular expression that says more than a prefix, a suffix or a part. */
    readonly matches?: string
  }
}

/** What a matcher says, with plain regular expressions taken as the prefix, suffix or part they ask for. */
function factsOf(matcher: NormalMatcher): Facts {
  const { equals, in: list, present: _, matches, ...rest } = matcher
  const values = equals !== undefined ? [equals] : (list ?? null)
  if (matches === undefined) return { values, rest }
  const literal = readLiteral(matches)
  if (!literal) return { values, rest: withPrefix(matches, rest) }
  const { text, isStart, isEnd } = literal
  if (isStart && isEnd) return { values: values ?? [text], rest }
  if (isStart) return { values, rest: { ...rest, prefix: longest(rest.prefix, text) } }
  if (isEnd) return { values, rest: { ...rest, suffix: longest(rest.suffix, text) } }
  return { values, rest: { ...rest, contains: longest(rest.contains, text) } }
}

function longest(a: string | undefined, b: string): string {
  return a !== undefined && a.length > b.length ? a : b
}

/** A pattern such as ^sk-ant-oat\d+ asks for its first letters too. */
function withPrefix(matches: string, rest: Facts['rest']): Facts['rest'] {
  const start = /^\^((?:[A-Za-z0-9_\-/ ]|\\[.\-/])+)(?![*?{])/.exec(matches)
  if (!start || matches.includes('|') || matches.includes('(?')) return { ...rest, matches }
  const text = (start[1] as string).replaceAll(/\\(.)/g, '$1')
  return { ...rest, matches, prefix: longest(rest.prefix, text) }
}

const LITERAL = /^(\^?)((?:[A-Za-z0-9_ \-/:@#%&=,;!~<>"'`]|\\[.+*?()[\]{}|^$\\/-])+)(\$?)$/

function readLiteral(source: string): { text: string; isStart: boolean; isEnd: boolean } | null {
  const [, start, body, end] = LITERAL.exec(source) ?? []
  if (body === undefined) return null
  return { text: body.replaceAll(/\\(.)/g, '$1'), isStart: start === '^', isEnd: end === '$' }
}

function isKnown(known: Facts['rest'], wanted: Facts): boolean {
  if (wanted.values) return false
  const { prefix = '', suffix = '', contains = '' } = known
  const { rest } = wanted
  return (
    (rest.matches === undefined || rest.matches === known.matches) &&
    (rest.prefix === undefined || prefix.startsWith(rest.prefix)) &&
    (rest.suffix === undefined || suffix.endsWith(rest.suffix)) &&
    (rest.contains === undefined ||
      [prefix, suffix, contains].some((text) => text.includes(rest.contains as string)))
  )
}
