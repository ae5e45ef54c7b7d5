import { compilePattern, PatternError } from '../language/pattern.ts'
import type { RoutePart } from '../schema/model.ts'
import type { Condition, Matcher } from '../shapes/config.generated.ts'
import type { ActionPart } from './actions.ts'

/** Names that an action's templates may use: what was captured when it is applied. */
export type Captures = (action: ActionPart) => ReadonlySet<string>

/**
 * Creates the look-up of a route's captures: its path and headers, the action's own `if`, and the
 * rules before it that let the search go on.
 */
export function createCaptures(route: RoutePart): Captures {
  return ({ rule, isElse }) => {
    const names = new Set<string>(['rest'])
    const { path, headers } = route.value.match
    addParameters(names, path)
    for (const matcher of Object.values(headers ?? {})) addGroups(names, matcher)
    for (const part of route.rules) {
      const isOwn = part.index === rule?.index
      const isBefore = rule === null || part.index < rule.index
      if (part.value.if && (isOwn || (isBefore && (part.value.continue || rule === null))))
        addCondition(names, part.value.if, !(isOwn && isElse))
    }
    return names
  }
}

function addCondition(names: Set<string>, condition: Condition, holds: boolean): void {
  const { credential, method, path, host, header, query, client } = condition
  if (holds) {
    const matchers = [credential, method, path, host, client?.name]
    for (const matcher of matchers) if (matcher !== undefined) addGroups(names, matcher as Matcher)
    for (const map of [header, query])
      for (const matcher of Object.values(map ?? {})) addGroups(names, matcher)
    for (const text of typeof path === 'string' || Array.isArray(path) ? [path].flat() : [])
      addParameters(names, text)
  }
  for (const inner of [...(condition.all ?? []), ...(condition.any ?? [])])
    addCondition(names, inner, holds)
  if (condition.not) addCondition(names, condition.not, !holds)
}

function addParameters(names: Set<string>, path: string): void {
  for (const match of path.matchAll(/\/:([A-Za-z_][A-Za-z0-9_]*)/g)) names.add(match[1] as string)
}

function addGroups(names: Set<string>, matcher: Matcher): void {
  if (typeof matcher !== 'object' || Array.isArray(matcher) || matcher.matches === undefined) return
  if (!matcher.matches.includes('(?')) return
  try {
    for (const name of compilePattern(matcher.matches).groups) names.add(name)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
  }
}
