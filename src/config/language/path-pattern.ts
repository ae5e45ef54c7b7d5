import { canonicalPath, encodeBeyondAscii } from '../../http/target/request-target.ts'

/** One step of a path pattern between slashes. */
export type PathSegment =
  /** In canonical form, as requests' paths are compared. */
  | { readonly type: 'literal'; readonly text: string }
  | { readonly type: 'parameter'; readonly name: string }

/** A path pattern: `/exact`, `/with/:parameter` or `/prefix/*`. */
export interface PathPattern {
  readonly source: string
  readonly segments: readonly PathSegment[]
  /** Whether it ends in `/*`: matches the prefix itself and everything below it. */
  readonly isPrefix: boolean
}

/** Says what is wrong with a path pattern, and where in its text. */
export class PathPatternError extends Error {
  override readonly name = 'PathPatternError'
  readonly reason: string
  readonly offset: number
  /** What to write instead, where that is clear. */
  readonly hint: string | null

  constructor(reason: string, offset: number, hint: string | null = null) {
    super(reason)
    this.reason = reason
    this.offset = offset
    this.hint = hint
  }
}

/** Reads a path pattern; throws PathPatternError. */
export function parsePathPattern(source: string): PathPattern {
  if (!source.startsWith('/')) throw new PathPatternError('a path starts with "/"', 0)
  const unsafe = /[?#\s\\]/.exec(source)
  if (unsafe)
    throw new PathPatternError(
      `"${unsafe[0]}" can't stand in a path pattern`,
      unsafe.index,
      unsafe[0] === '?' ? 'a query is looked at by a condition: if: { query: … }' : null,
    )
  const deep = /\/(?:\*\*|\.\*)$/.exec(source)
  if (deep)
    throw new PathPatternError(
      '"*" stands alone at the end, as "/*", and takes everything below',
      deep.index + 1,
      `write ${source.slice(0, deep.index)}/*`,
    )
  const isPrefix = source.endsWith('/*')
  const body = isPrefix ? source.slice(1, -2) : source.slice(1)
  const segments: PathSegment[] = []
  let offset = 1
  for (const text of isPrefix && body === '' ? [] : body.split('/')) {
    segments.push(parseSegment(text, offset))
    offset += text.length + 1
  }
  const names = segments.flatMap((segment) => (segment.type === 'parameter' ? [segment.name] : []))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice) throw new PathPatternError(`":${twice}" stands twice`, source.lastIndexOf(`:${twice}`))
  return { source, segments, isPrefix }
}

function parseSegment(text: string, offset: number): PathSegment {
  const star = text.indexOf('*')
  if (star >= 0)
    throw new PathPatternError('"*" may only stand alone at the end, as "/*"', offset + star)
  const braced = /^(?:\{(\w+)[^}]*\}|<(\w+)>|\[(\w+)\])$/.exec(text)
  if (braced)
    throw new PathPatternError(
      'a parameter of a path is written with ":"',
      offset,
      `write :${braced[1] ?? braced[2] ?? braced[3]} in place of ${text}`,
    )
  const brace = /[{}<>]/.exec(text)
  if (brace)
    throw new PathPatternError(`"${brace[0]}" can't stand in a path pattern`, offset + brace.index)
  if (/^(\.|%2e)(\.|%2e)?$/i.test(text))
    throw new PathPatternError(`"${text}" never reaches a route`, offset)
  if (!text.startsWith(':'))
    return { type: 'literal', text: canonicalPath(encodeBeyondAscii(text)) }
  if (!/^:[A-Za-z_][A-Za-z0-9_]*$/.test(text))
    throw new PathPatternError('a parameter is ":" and a name of letters, digits and _', offset)
  return { type: 'parameter', name: text.slice(1) }
}
