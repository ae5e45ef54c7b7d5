import { compilePattern, PatternError } from '../language/pattern.ts'
import type { RoutePart } from '../schema/model.ts'
import type { Condition, Matcher } from '../shapes/config.generated.ts'
import type { ActionPart } from './actions.ts'

/** Names that an action's templates may use, and those of them that hold a credential or a part of one. */
export interface CaptureNames {
  readonly all: Set<string>
  readonly credentials: Set<string>
}

/** What was captured when an action is applied. */
export type Captures = (action: ActionPart) => CaptureNames

/** Where credentials stand on the route. */
export interface CredentialPlaces {
  readonly headers: ReadonlySet<string>
  readonly queries: ReadonlySet<string>
  readonly cookies: ReadonlySet<string>
}

/**
 * Creates the look-up of a route's captures: its path and headers, the action's own `if`, and the
 * rules before it that let the search go on.
 */
export function createCaptures(route: RoutePart, places: CredentialPlaces): Captures {
  return ({ rule, isElse }) => {
    const names: CaptureNames = { all: new Set(['rest']), credentials: new Set() }
    const { path, headers } = route.value.match
    addParameters(names, path)
    addHeaders(names, headers, places)
    for (const part of route.rules) {
      const isOwn = part.index === rule?.index
      const isBefore = rule === null || part.index < rule.index
      if (part.value.if && (isOwn || (isBefore && (part.value.continue || rule === null))))
        addCondition(names, part.value.if, isOwn && isElse ? 'fails' : 'holds', places)
    }
    return names
  }
}

/** What is known of a condition where an action is applied. */
type Verdict = 'holds' | 'fails'

function addCondition(
  names: CaptureNames,
  condition: Condition,
  verdict: Verdict,
  places: CredentialPlaces,
): void {
  const { credential, method, path, host, header, query, client } = condition
  if (verdict === 'holds') {
    if (credential !== undefined) addGroups(names, credential as Matcher, isNoWord)
    for (const matcher of [method, path, host, client?.name])
      if (matcher !== undefined) addGroups(names, matcher as Matcher, isNever)
    addHeaders(names, header, places)
    addMap(names, query, places.queries)
    for (const text of typeof path === 'string' || Array.isArray(path) ? [path].flat() : [])
      addParameters(names, text)
  }
  for (const inner of [...(condition.all ?? []), ...(condition.any ?? [])])
    addCondition(names, inner, verdict, places)
  if (condition.not)
    addCondition(names, condition.not, verdict === 'holds' ? 'fails' : 'holds', places)
}

function addHeaders(
  names: CaptureNames,
  matchers: Readonly<Record<string, Matcher>> | undefined,
  { headers, cookies }: CredentialPlaces,
): void {
  addMap(names, matchers, headers)
  if (cookies.size === 0) return
  for (const [name, matcher] of Object.entries(matchers ?? {}))
    if (name.toLowerCase() === 'cookie')
      addGroups(names, matcher, (group, pattern) => !isOfOtherCookie(pattern, group, cookies))
}

/** Whether a group stands for the value of a cookie by its name, which is no place of a credential. */
function isOfOtherCookie(pattern: string, group: string, cookies: ReadonlySet<string>): boolean {
  const value = String.raw`(?:\[\^;[^\]]*\]|\\w|\[[\w-]+\])[+*]`
  const found = new RegExp(`([\\w-]+)=\\(\\?P?<${group}>${value}\\)`).exec(pattern)
  return found !== null && !cookies.has(found[1] as string)
}

function addMap(
  names: CaptureNames,
  matchers: Readonly<Record<string, Matcher>> | undefined,
  credentials: ReadonlySet<string>,
): void {
  for (const [name, matcher] of Object.entries(matchers ?? {}))
    addGroups(names, matcher, isAmong(credentials, name) ? isNoWord : isNever)
}

function isAmong(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name) || names.has(name.toLowerCase())
}

function addParameters({ all }: CaptureNames, path: string): void {
  for (const match of path.matchAll(/\/:([A-Za-z_][A-Za-z0-9_]*)/g)) all.add(match[1] as string)
}

/** Classes and letters that match lower-case words alone, and how often. */
const WORD = /^(?:(?:\[(?:[a-z]-[a-z]|[a-z_])+-?\]|[a-z_-])(?:[+*?]|\{\d+(?:,\d*)?\})?|\|)+$/

/** Whether a group can match nothing but lower-case letters: a word before a key, not the key. */
function isWord(pattern: string, name: string): boolean {
  const start = pattern.search(new RegExp(`\\(\\?P?<${name}>`))
  const body = pattern.slice(pattern.indexOf('>', start) + 1)
  const end = body.search(/[()\\]/)
  return !pattern.includes('(?i') && body[end] === ')' && WORD.test(body.slice(0, end))
}

/** Whether a group of a pattern may hold a credential. */
type MayHold = (group: string, pattern: string) => boolean

const isNoWord: MayHold = (group, pattern) => !isWord(pattern, group)
const isNever: MayHold = () => false

function addGroups(names: CaptureNames, matcher: Matcher, mayHold: MayHold): void {
  if (typeof matcher !== 'object' || Array.isArray(matcher) || matcher.matches === undefined) return
  if (!matcher.matches.includes('(?')) return
  try {
    for (const name of compilePattern(matcher.matches).groups) {
      names.all.add(name)
      if (mayHold(name, matcher.matches)) names.credentials.add(name)
    }
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
  }
}
