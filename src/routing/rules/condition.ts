import { parsePathPattern } from '../../config/language/path-pattern.ts'
import { formatPlace } from '../../config/language/place.ts'
import type { NormalCondition, NormalMatcher } from '../../config/shapes/normal-config.ts'
import type { ValueOrigin } from '../../http/target/encode-target.ts'
import { compileAddressList } from './address-list.ts'
import { compileMatcher, describeMatcher } from './matcher.ts'
import { compilePathTest } from './path-test.ts'
import type { RequestContext } from './request-context.ts'

/** A compiled condition: pure, never throws. */
export interface Condition {
  readonly test: (context: RequestContext) => boolean
  /** In words, such as `credential matches ^sk-ant-`. */
  readonly description: string
  /** Its parts, where it joins others; explain looks at each. */
  readonly parts: readonly Condition[]
  readonly join: 'all' | 'any' | 'not' | null
  /** What it looks at, in words that hold no credential; null where that would show one. */
  readonly observe: (context: RequestContext) => string | null
}

/** Compiles a condition tree into closures. */
export function compileCondition(condition: NormalCondition): Condition {
  switch (condition.type) {
    case 'all':
    case 'any':
      return compileJoin(condition.type, condition.of.map(compileCondition))
    case 'not':
      return compileNot(compileCondition(condition.of))
    case 'credential':
      return compileCredential(condition.matcher)
    case 'kind':
      return compileOneOf(
        'credential kind',
        condition.in,
        (context) => context.credential?.kind.name,
      )
    case 'scheme':
      return compileScheme(condition.in)
    case 'source':
      return compileOneOf('credential source', condition.in, ({ credential }) =>
        credential ? formatPlace(credential.place) : undefined,
      )
    case 'method':
      return compileText('method', condition.matcher, (context) => context.request.method)
    case 'path':
      return compileText('path', condition.matcher, (context) => context.canonicalPath, 'path')
    case 'path-pattern':
      return compilePathPattern(condition.pattern)
    case 'host':
      return compileText('host', condition.matcher, (context) => context.host)
    case 'header':
      return compileHeader(condition.name, condition.matcher)
    case 'query':
      return compileQuery(condition.name, condition.matcher)
    case 'client-ip':
      return compileClientIp(condition.in)
    case 'client-name':
      return compileText('client name', condition.matcher, (context) => context.clientName)
  }
}

function compileJoin(join: 'all' | 'any', parts: readonly Condition[]): Condition {
  const [first, second] = parts
  const description = parts
    .map((part) => (part.parts.length > 1 ? `(${part.description})` : part.description))
    .join(join === 'all' ? ' and ' : ' or ')
  const base = { description, parts, join, observe: () => null }
  if (parts.length === 1 && first) return { ...base, test: first.test }
  if (join === 'all' && parts.length === 2 && first && second)
    return { ...base, test: (context) => first.test(context) && second.test(context) }
  if (join === 'all')
    return { ...base, test: (context) => parts.every((part) => part.test(context)) }
  return { ...base, test: (context) => parts.some((part) => part.test(context)) }
}

/** What its condition caught stays, for the `else`: that is where the condition holds. */
function compileNot(part: Condition): Condition {
  return {
    test: (context) => !part.test(context),
    description: `not (${part.description})`,
    parts: [part],
    join: 'not',
    observe: () => null,
  }
}

type Read = (context: RequestContext) => string | undefined

function leaf(
  description: string,
  test: (context: RequestContext) => boolean,
  observe: (context: RequestContext) => string | null,
): Condition {
  return { test, description, parts: [], join: null, observe }
}

function compileText(
  subject: string,
  matcher: NormalMatcher,
  read: Read,
  origin: ValueOrigin = 'bytes',
): Condition {
  const matches = compileMatcher(matcher)
  return leaf(
    `${subject} ${describeMatcher(matcher)}`,
    (context) => matches(read(context), (captures) => context.addCaptures(captures, origin)),
    (context) => `${subject} is ${read(context) ?? 'absent'}`,
  )
}

/** Credentials are told by kind only, whatever the matcher saw. */
function compileCredential(matcher: NormalMatcher): Condition {
  const read: Read = (context) => context.credential?.value
  const { test, description } = compileText('credential', matcher, read)
  return leaf(description, test, observeCredential)
}

function observeCredential({ credential }: RequestContext): string {
  return credential ? `the credential is of kind ${credential.kind.name}` : 'there is no credential'
}

function compileHeader(name: string, matcher: NormalMatcher): Condition {
  const { test, description } = compileText(`header ${name}`, matcher, (context) =>
    context.header(name),
  )
  return leaf(description, test, (context) =>
    context.header(name) === undefined ? `there is no ${name}` : `there is another ${name}`,
  )
}

function compileQuery(name: string, matcher: NormalMatcher): Condition {
  const read: Read = (context) => context.queryValue(name)
  const { test, description } = compileText(`query ${name}`, matcher, read, 'text')
  return leaf(description, test, (context) =>
    read(context) === undefined ? `there is no query ${name}` : `query ${name} is another`,
  )
}

function compileOneOf(subject: string, values: readonly string[], read: Read): Condition {
  const wanted: ReadonlySet<string> = new Set(values)
  return leaf(
    `${subject} ${values.join(' or ')}`,
    (context) => wanted.has(read(context) as string),
    (context) => `${subject} is ${read(context) ?? 'absent'}`,
  )
}

function compileScheme(schemes: readonly string[]): Condition {
  return compileOneOf(
    'credential scheme',
    schemes.map((scheme) => scheme.toLowerCase()),
    ({ credential }) => (credential ? (credential.scheme ?? 'none') : undefined),
  )
}

function compilePathPattern(source: string): Condition {
  const matches = compilePathTest(parsePathPattern(source))
  return leaf(
    `path ${source}`,
    (context) => {
      const parameters = matches(context.canonicalPath)
      if (parameters) context.addCaptures(parameters, 'whole')
      return parameters !== null
    },
    (context) => `path is ${context.canonicalPath}`,
  )
}

function compileClientIp(list: readonly string[]): Condition {
  const includes = compileAddressList(list)
  return leaf(
    `client ip in ${list.join(', ')}`,
    (context) => includes(context.clientIp),
    (context) => `client ip is ${context.clientIp}`,
  )
}
