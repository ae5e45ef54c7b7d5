import { type ConditionLeaf, leavesOf } from '../../language/condition-leaves.ts'
import { parsePathPattern } from '../../language/path-pattern.ts'
import type { NormalCondition, NormalMatcher, NormalRoute } from '../../shapes/normal-config.ts'
import { orElse } from '../attempt.ts'
import type { JudgedRule, RuleScope } from './judge-rules.ts'

/**
 * Equal for rules that are judged alike: those of thousands of routes often differ in nothing but
 * names, such as a tenant's. Names that are only ever compared as a whole are numbered in the order in
 * which they stand; those of clients stay, as the file says which there are.
 */
export function shapeOf(rules: readonly JudgedRule[], match: RuleScope['match']): string {
  const parts = rules.flatMap(({ condition }) => (condition ? leavesOf(condition) : []))
  const matched = match?.headers.map((one): ConditionLeaf => ({ type: 'header', ...one })) ?? []
  const searched = new Set([...parts, ...matched].flatMap(searchedBy))
  // Whether a name is below a wildcard depends on the name.
  if (match?.hosts?.some((host) => host.startsWith('*'))) searched.add('host')
  const numbers = new Map<string, string>()
  const nameOf: NameOf = (subject, text) => {
    if (searched.has(subject) || !PLAIN.test(text)) return text
    const key = `${subject} ${text}`
    const name = numbers.get(key) ?? `\0${numbers.size}`
    numbers.set(key, name)
    return name
  }
  return JSON.stringify([
    match && shapeOfMatch(match, nameOf),
    rules.map(({ condition, passes }) => [
      condition && shapeOfCondition(condition, nameOf),
      passes,
    ]),
  ])
}

/** Text that may stand everywhere, and is nothing but a name. */
const PLAIN = /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/i

type NameOf = (subject: string, text: string) => string

/** The subject whose texts a condition looks into. */
function searchedBy(leaf: ConditionLeaf): readonly string[] {
  if (leaf.type === 'path') return ['path']
  if (!('matcher' in leaf) || !looksInside(leaf.matcher)) return []
  return ['name' in leaf ? `${leaf.type} ${leaf.name}` : leaf.type]
}

function looksInside({ prefix, suffix, contains, matches }: NormalMatcher): boolean {
  return [prefix, suffix, contains, matches].some((text) => text !== undefined)
}

function shapeOfMatch(match: NormalRoute['match'], nameOf: NameOf): unknown {
  const { path, hosts, methods, headers } = match
  return [
    shapeOfPath(path, nameOf),
    hosts?.map((host) => (host.startsWith('*') ? host : nameOf('host', host))),
    methods,
    headers.map(({ name, matcher }) => [name, shapeOfMatcher(matcher, `header ${name}`, nameOf)]),
  ]
}

function shapeOfCondition(condition: NormalCondition, nameOf: NameOf): unknown {
  switch (condition.type) {
    case 'all':
    case 'any':
      return [condition.type, condition.of.map((part) => shapeOfCondition(part, nameOf))]
    case 'not':
      return ['not', shapeOfCondition(condition.of, nameOf)]
    case 'path-pattern':
      return ['path', shapeOfPath(condition.pattern, nameOf)]
    case 'header':
    case 'query': {
      const subject = `${condition.type} ${condition.name}`
      return [subject, shapeOfMatcher(condition.matcher, subject, nameOf)]
    }
    case 'host':
      return ['host', shapeOfMatcher(condition.matcher, 'host', nameOf)]
    default:
      return condition
  }
}

function shapeOfMatcher(matcher: NormalMatcher, subject: string, nameOf: NameOf): unknown {
  const { equals, in: list, ...rest } = matcher
  return [
    equals === undefined ? null : nameOf(subject, equals),
    list?.map((text) => nameOf(subject, text)) ?? null,
    rest,
  ]
}

function shapeOfPath(pattern: string, nameOf: NameOf): unknown {
  return orElse<unknown>(() => {
    const { segments, isPrefix } = parsePathPattern(pattern)
    const parts = segments.map((one) => (one.type === 'literal' ? nameOf('path', one.text) : []))
    return [parts, isPrefix]
  }, pattern)
}
