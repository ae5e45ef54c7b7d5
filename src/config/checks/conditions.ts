import { didYouMean, listWords } from '../diagnostics/suggest.ts'
import type { Condition } from '../shapes/config.generated.ts'
import type { Path } from '../text/document.ts'
import type { CheckContext } from './check-context.ts'
import { errorAt } from './check-context.ts'
import { kindNames, undefinedKind } from './kind-names.ts'
import { checkMatcher, type MatcherContext } from './matchers.ts'
import { checkHeaderName, checkPathPattern } from './names.ts'
import { createPatternCheck } from './patterns.ts'
import { checkCidr } from './server.ts'

/** Checks the conditions of all rules. */
export function checkConditions(context: CheckContext): void {
  const check = createConditionCheck(context)
  for (const route of context.model.ruleSets)
    for (const { path, value } of route.rules) if (value.if) check([...path, 'if'], value.if)
}

/** Creates the check of a condition, wherever it stands. */
export function createConditionCheck(
  context: CheckContext,
): (path: Path, condition: Condition) => void {
  const names = kindNames(context)
  const checker: Checker = {
    ...context,
    checkPattern: createPatternCheck(context),
    kindNames: names,
    knownKinds: new Set(names),
  }
  return (path, condition) => checkCondition(checker, path, condition)
}

interface Checker extends CheckContext, MatcherContext {
  readonly kindNames: readonly string[]
  readonly knownKinds: ReadonlySet<string>
}

function checkCondition(checker: Checker, path: Path, condition: Condition): void {
  const { credential, method, host, header, query, client, all, any, not } = condition
  if (credential) checkCredential(checker, [...path, 'credential'], credential)
  if (method !== undefined) checkMethod(checker, [...path, 'method'], method)
  if (condition.path !== undefined) checkPath(checker, [...path, 'path'], condition.path)
  if (host !== undefined) checkMatcher(checker, [...path, 'host'], host)
  for (const [name, matcher] of Object.entries(header ?? {})) {
    checkHeaderName(checker, [...path, 'header', name], name)
    checkMatcher(checker, [...path, 'header', name], matcher)
  }
  for (const [name, matcher] of Object.entries(query ?? {}))
    checkMatcher(checker, [...path, 'query', name], matcher)
  if (client) checkClient(checker, [...path, 'client'], client)
  for (const [index, inner] of (all ?? []).entries())
    checkCondition(checker, [...path, 'all', index], inner)
  for (const [index, inner] of (any ?? []).entries())
    checkCondition(checker, [...path, 'any', index], inner)
  if (not) checkCondition(checker, [...path, 'not'], not)
}

function checkCredential(
  checker: Checker,
  path: Path,
  credential: NonNullable<Condition['credential']>,
): void {
  checkMatcher(checker, path, credential)
  eachText(credential.kind, [...path, 'kind'], (kind, at) => {
    if (!checker.knownKinds.has(kind)) checker.report(undefinedKind(at, kind, checker.kindNames))
  })
  eachText(credential.scheme, [...path, 'scheme'], (scheme, at) => {
    if (!/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/.test(scheme))
      checker.report(
        errorAt(at, 'bad-scheme', `"${scheme}" is no scheme`, {
          hint: 'a scheme is one word, such as bearer, token or basic; "none" stands for a bare value',
        }),
      )
  })
}

function checkMethod(checker: Checker, path: Path, method: NonNullable<Condition['method']>): void {
  checkMatcher(checker, path, method)
  if (typeof method === 'object' && !Array.isArray(method)) return
  eachText(method, path, (text, at) => {
    if (!/^[A-Z][A-Z-]*$/.test(text))
      checker.report(
        errorAt(at, 'wrong-format', `"${text}" is no method`, {
          hint: `methods are written in capitals: ${text.toUpperCase()}`,
        }),
      )
  })
}

function checkPath(checker: Checker, path: Path, matcher: NonNullable<Condition['path']>): void {
  checkMatcher(checker, path, matcher)
  if (typeof matcher === 'object' && !Array.isArray(matcher)) return
  eachText(matcher, path, (pattern, at) => checkPathPattern(checker, at, pattern))
}

function checkClient(
  checker: Checker,
  path: Path,
  { ip, name }: NonNullable<Condition['client']>,
): void {
  eachText(ip, [...path, 'ip'], (cidr, at) => checkCidr(checker, at, cidr))
  if (name === undefined) return
  checkMatcher(checker, [...path, 'name'], name)
  const clients = Object.keys(checker.model.clients?.value.tokens ?? {})
  if (typeof name === 'object' && !Array.isArray(name)) return
  eachText(name, [...path, 'name'], (text, at) => {
    if (!clients.includes(text))
      checker.report(
        errorAt(at, 'undefined-client', `there is no client "${text}"`, {
          hint: clients.length > 0 ? `there are ${listWords(clients)}` : 'add it under "clients"',
          ...(clients.length > 0 ? didYouMean(text, clients) : {}),
        }),
      )
  })
}

function eachText(
  texts: string | readonly string[] | undefined,
  path: Path,
  visit: (text: string, path: Path) => void,
): void {
  if (typeof texts === 'string') visit(texts, path)
  else for (const [index, text] of (texts ?? []).entries()) visit(text, [...path, index])
}
