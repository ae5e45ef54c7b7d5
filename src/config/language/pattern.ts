import { RE2JS } from 're2js'

/** A compiled regular expression; matching takes time linear in the value, whatever the pattern. */
export interface Pattern {
  readonly source: string
  readonly test: (value: string) => boolean
  /** Names of its named groups. */
  readonly groups: readonly string[]
  /** What the named groups caught; null: no match. A group that took no part is ''. */
  readonly capture: (value: string) => Readonly<Record<string, string>> | null
  /** Set where the pattern says no more than `starts with this`. */
  readonly literalPrefix: string | null
}

/** Says why a regular expression is refused. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  readonly reason: string
  /** True where it is well-formed elsewhere, but can't be matched in linear time. */
  readonly isNonLinear: boolean

  constructor(reason: string, fault: 'malformed' | 'non-linear') {
    super(reason)
    this.reason = reason
    this.isNonLinear = fault === 'non-linear'
  }
}

/** Instructions of a compiled pattern; matching costs at most this many steps a character. */
const PROGRAM_LIMIT = 1000

const LITERAL = /^(\^?)((?:[A-Za-z0-9_ \-/:@#%&=,;!~<>"'`]|\\[.+*?()[\]{}|^$\\/-])+)(\$?)$/

const NON_LINEAR: readonly (readonly [RegExp, string])[] = [
  [/\\[1-9]|\\k</, 'a backreference has no linear-time match'],
  [/\(\?(?:[=!]|<[=!])/, 'look-ahead and look-behind have no linear-time match here'],
  [/\(\?>|[*+?}]\+/, 'atomic groups and possessive quantifiers are not part of RE2 syntax'],
]

/** Compiles a regular expression in RE2 syntax; throws PatternError. */
export function compilePattern(source: string): Pattern {
  const literal = LITERAL.exec(source)
  if (literal) return compileLiteral(source, literal)
  const regex = compileRe2(source)
  const groups = Object.keys(regex.namedGroups())
  return {
    source,
    test: (value) => regex.test(value),
    groups,
    capture: (value) => captureGroups(regex, groups, value),
    literalPrefix: null,
  }
}

function compileLiteral(source: string, [, start, body = '', end]: RegExpExecArray): Pattern {
  const text = body.replaceAll(/\\(.)/g, '$1')
  const test = literalTest(text, `${start}${end}`)
  return {
    source,
    test,
    groups: [],
    capture: (value) => (test(value) ? {} : null),
    literalPrefix: start === '^' && end !== '$' ? text : null,
  }
}

function literalTest(text: string, anchors: string): (value: string) => boolean {
  if (anchors === '^$') return (value) => value === text
  if (anchors === '^') return (value) => value.startsWith(text)
  if (anchors === '$') return (value) => value.endsWith(text)
  return (value) => value.includes(text)
}

function compileRe2(source: string): RE2JS {
  let regex: RE2JS
  try {
    regex = RE2JS.compile(source)
  } catch (error) {
    throw explain(source, error)
  }
  const size = regex.programSize()
  if (size > PROGRAM_LIMIT)
    throw new PatternError(
      `it compiles to ${size} steps a character, over the limit of ${PROGRAM_LIMIT}`,
      'non-linear',
    )
  return regex
}

function explain(source: string, error: unknown): PatternError {
  const nonLinear = NON_LINEAR.find(([sign]) => sign.test(source))
  if (nonLinear) return new PatternError(nonLinear[1], 'non-linear')
  const reason = error instanceof Error ? error.message : String(error)
  const words = reason.replace(/^error parsing regexp: /, '')
  const isTooLarge = /repeat count|too large|nesting depth/.test(words) && !isTurned(words)
  return isTooLarge
    ? new PatternError(`repeats too often: ${words}`, 'non-linear')
    : new PatternError(words, 'malformed')
}

/** Of `{3,2}` RE2 says what it says of too many. */
function isTurned(words: string): boolean {
  const [, least, most] = /`\{(\d+),(\d+)\}`$/.exec(words) ?? []
  return Number(least) > Number(most)
}

function captureGroups(
  regex: RE2JS,
  groups: readonly string[],
  value: string,
): Record<string, string> | null {
  const matcher = regex.matcher(value)
  if (!matcher.find()) return null
  return Object.fromEntries(groups.map((name) => [name, matcher.group(name) ?? '']))
}
