import { canonicalPath, encodeBeyondAscii } from '../../http/target/request-target.ts'
import type { Rewrite } from '../shapes/config.generated.ts'
import type { NormalCondition, NormalMatcher } from '../shapes/normal-config.ts'
import { requiredPrefix } from './reasoning/required-prefix.ts'

/** Patterns of paths: every path that gets here matches one of them. */
export type KnownPaths = readonly string[]

/** What a condition says of the path, each time in full; none: nothing. */
export function pathsOf(condition: NormalCondition): readonly KnownPaths[] {
  switch (condition.type) {
    case 'path-pattern':
      return [[condition.pattern]]
    case 'path':
      return matcherPaths(condition.matcher)
    case 'all':
      return condition.of.flatMap(pathsOf)
    case 'any': {
      const parts = condition.of.map((part) => pathsOf(part)[0])
      return parts.every((part) => part !== undefined) ? [parts.flat()] : []
    }
    case 'not':
      return condition.of.type === 'not' ? pathsOf(condition.of.of) : []
    default:
      return []
  }
}

function matcherPaths(matcher: NormalMatcher): readonly KnownPaths[] {
  const listed = matcher.equals === undefined ? matcher.in : [matcher.equals]
  if (listed) return [listed]
  const prefix = requiredPrefix(matcher)
  return prefix?.startsWith('/') ? [[below(prefix)]] : []
}

/** All paths that start with a text, as far as whole segments tell. */
function below(prefix: string): string {
  return `${prefix.slice(0, prefix.lastIndexOf('/'))}/*`
}

/** What is known of the paths that a rewrite leaves. */
export function rewritePaths(paths: KnownPaths, { strip, path, prefix }: Rewrite): KnownPaths {
  return paths
    .map((known) => (strip === undefined ? known : stripPath(known, strip)))
    .map((known) => (path === undefined ? known : writtenPath(path)))
    .map((known) => (prefix === undefined ? known : prefix.replace(/\/+$/, '') + known))
}

function stripPath(known: string, strip: string): string {
  if (isStripped(known, strip)) {
    const rest = known.split('/').slice(segmentsOf(strip).length)
    return `/${rest.join('/')}`
  }
  return isKept(known, strip) ? known : '/*'
}

function writtenPath(path: string): string {
  const [fixed = ''] = path.split(/:|\*|\$\{/)
  return fixed === path ? path : below(fixed)
}

/** Whether every path of a pattern loses what is stripped. */
export function isStripped(known: string, strip: string): boolean {
  const here = segmentsIn(known)
  return segmentsOf(strip).every((text, at) => here[at] === text)
}

/** Whether no path of a pattern does. */
export function isKept(known: string, strip: string): boolean {
  const here = segmentsIn(known)
  return segmentsOf(strip).some((text, at) => {
    const other = here[at] ?? (here.at(-1) === '*' ? '*' : '')
    return other !== text && other !== '*' && !other.startsWith(':')
  })
}

function segmentsOf(strip: string): readonly string[] {
  return segmentsIn(strip.replace(/\/+$/, ''))
}

/** A path's segments as they are compared. */
function segmentsIn(path: string): readonly string[] {
  return canonicalPath(encodeBeyondAscii(path)).split('/')
}
