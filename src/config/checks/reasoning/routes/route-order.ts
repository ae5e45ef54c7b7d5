import { type PathPattern, parsePathPattern } from '../../../language/path-pattern.ts'
import type { NormalRoute } from '../../../shapes/normal-config.ts'
import { allOf, anyOf, type Formula, not } from '../formula.ts'
import { hostFormula, matchParts } from '../match-formula.ts'
import type { Reasoner } from '../reasoner.ts'

/** A route as far as it takes requests away from others. */
export interface OrderedRoute {
  readonly index: number
  readonly match: NormalRoute['match']
  readonly pattern: PathPattern
}

/** A route with its path read; throws PathPatternError. */
export function orderedRoute(index: number, match: NormalRoute['match']): OrderedRoute {
  return { index, match, pattern: parsePathPattern(match.path) }
}

/** That a request which `other` matches too is taken by `first`; null: it never is. */
export function takesFrom(
  first: OrderedRoute,
  other: OrderedRoute,
  reasoner: Reasoner,
): Formula | null {
  const order = comparePaths(first.pattern, other.pattern)
  if (order === 'apart' || order === 'after') return null
  const parts = matchParts(first.match, reasoner)
  if (order === 'before') return allOf(parts.map(({ formula }) => formula))
  const hosts = takesHost(first, other, reasoner)
  if (hosts === null) return null
  const rest = parts.filter(({ subject }) => subject !== 'host').map(({ formula }) => formula)
  return allOf([...rest, hosts])
}

/** Which of two patterns the table tries first on a path that both match; `same`: it asks further. */
function comparePaths(a: PathPattern, b: PathPattern): 'before' | 'after' | 'same' | 'apart' {
  if (!overlap(a, b)) return 'apart'
  if (a.isPrefix !== b.isPrefix) return a.isPrefix ? 'after' : 'before'
  if (a.segments.length !== b.segments.length)
    return a.segments.length > b.segments.length ? 'before' : 'after'
  const at = a.segments.findIndex((segment, index) => segment.type !== b.segments[index]?.type)
  if (at < 0) return 'same'
  return a.segments[at]?.type === 'literal' ? 'before' : 'after'
}

/** Whether there may be a path that both match. */
export function overlap(a: PathPattern, b: PathPattern): boolean {
  const [short, long] = a.segments.length <= b.segments.length ? [a, b] : [b, a]
  if (short.segments.length < long.segments.length && !short.isPrefix) return false
  return short.segments.every((segment, index) => {
    const other = long.segments[index]
    return segment.type === 'parameter' || other?.type !== 'literal' || other.text === segment.text
  })
}

/** That `first` has the more exact host, or stands before where both are as exact. */
function takesHost(first: OrderedRoute, other: OrderedRoute, reasoner: Reasoner): Formula | null {
  const isEarlier = compareRest(first, other) < 0
  const taken = entriesOf(first).flatMap((entry) => {
    const stronger = entriesOf(other).filter((theirs) => {
      const more = rankOf(theirs) - rankOf(entry)
      return more > 0 || (more === 0 && !isEarlier)
    })
    if (stronger.includes(null)) return []
    const others = stronger.map((theirs) => not(hostFormula(theirs as string, reasoner)))
    return [allOf([...(entry === null ? [] : [hostFormula(entry, reasoner)]), ...others])]
  })
  return taken.length === 0 ? null : anyOf(taken)
}

function entriesOf({ match }: OrderedRoute): readonly (string | null)[] {
  return match.hosts ?? [null]
}

/** An exact host comes before all others, then the longest one of `*.example.com`. */
function rankOf(host: string | null): number {
  if (host === null) return 0
  return host.startsWith('*') ? host.length : Number.MAX_SAFE_INTEGER
}

function compareRest(a: OrderedRoute, b: OrderedRoute): number {
  const methods = Number(b.match.methods !== null) - Number(a.match.methods !== null)
  return methods || b.match.headers.length - a.match.headers.length || a.index - b.index
}
