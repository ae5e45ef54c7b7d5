import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { excludes, implies } from '../../src/config/checks/reasoning/implication.ts'
import {
  accepts,
  impliesMatcher,
  isDisjoint,
} from '../../src/config/checks/reasoning/matcher-implication.ts'
import { parseSentence } from '../../src/config/language/sentence.ts'
import { normalizeCondition } from '../../src/config/normalize/normalize-condition.ts'
import type { NormalCondition, NormalMatcher } from '../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'

const kinds = new Map(loadCatalogue().kinds.map((kind) => [kind.name, kind]))

function conditionOf(words: string): NormalCondition {
  return normalizeCondition(parseSentence(`if ${words} use none`).if ?? {})
}

const rows: { a: string; b: string; holds: boolean }[] = [
  { a: 'credential prefix sk-ant-oat', b: 'credential matches ^sk-ant-', holds: true },
  { a: 'credential matches ^sk-ant-oat[0-9]+', b: 'credential prefix sk-ant-', holds: true },
  { a: 'credential prefix sk-', b: 'credential prefix sk-ant-', holds: false },
  { a: 'credential matches ^sk-?', b: 'credential prefix sk-', holds: false },
  { a: 'credential matches ^a|b', b: 'credential prefix a', holds: false },
  { a: 'credential matches ^(?i)sk-', b: 'credential prefix sk-', holds: false },
  { a: 'credential equals abc', b: 'credential matches ^a.c$', holds: true },
  { a: 'credential kind anthropic-oauth', b: 'credential prefix sk-ant-', holds: true },
  { a: 'credential kind openai', b: 'credential is present', holds: true },
  { a: 'credential kind unknown', b: 'credential prefix x', holds: false },
  { a: 'method GET and path /v1/x', b: 'path /v1/*', holds: true },
  { a: 'path /v1/*', b: 'path /v1/x', holds: false },
  { a: 'path /v1/x', b: 'path /v1/:id', holds: true },
  { a: 'path /v1/*', b: 'path /v1/:id', holds: false },
  { a: 'method GET', b: 'method GET or method POST', holds: true },
  { a: 'method GET or method POST', b: 'method GET', holds: false },
  { a: 'method GET', b: 'not method POST', holds: true },
  { a: 'not method GET', b: 'method POST', holds: false },
  { a: 'not credential prefix sk-', b: 'not credential prefix sk-ant-', holds: true },
  { a: 'header a is absent', b: 'not header a equals x', holds: true },
  { a: 'header a equals x', b: 'header b equals x', holds: false },
  { a: 'client ip 10.1.0.0/16', b: 'client ip 10.0.0.0/8', holds: true },
  { a: 'client ip 10.0.0.0/8', b: 'client ip 10.1.0.0/16', holds: false },
  { a: 'host api.example.com', b: 'host suffix .example.com', holds: true },
]

describe('one condition implies another', () => {
  test.each(rows)('$a → $b: $holds', ({ a, b, holds }) => {
    expect(implies(conditionOf(a), conditionOf(b), kinds)).toBe(holds)
  })
})

const text = fc.stringMatching(/^[ab-]{1,4}$/)
const pattern = fc.oneof(
  text.map((literal) => `^${literal}`),
  text,
  text.map((literal) => `${literal}$`),
  text.map((literal) => `^${literal}$`),
  fc.constantFrom(
    '^a+',
    '^ab?',
    '^a|b',
    '^(a|b)$',
    '^ab*',
    '^a{2}',
    'a.b',
    '^a-[ab]',
    '(?i)^A',
    '^a\\-',
  ),
)
const matcher: fc.Arbitrary<NormalMatcher> = fc.oneof(
  text.map((equals) => ({ equals })),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((list) => ({ in: list })),
  fc.boolean().map((present) => ({ present })),
  fc.record({ prefix: text, suffix: text, contains: text, matches: pattern }, { requiredKeys: [] }),
  fc.record({ equals: text, prefix: text }),
)

const holds = (one: NormalMatcher, value: string | null): boolean =>
  value === null ? one.present === false : accepts(one, value)

const value = fc.option(fc.stringMatching(/^[abA-]{0,6}$/), { nil: null })
const isEmpty = (one: NormalMatcher): boolean => Object.keys(one).length === 0

test('what is said to be implied holds for every value', () => {
  fc.assert(
    fc.property(matcher, matcher, fc.array(value, { minLength: 20 }), (a, b, values) => {
      fc.pre(!isEmpty(a) && !isEmpty(b))
      if (impliesMatcher(a, b))
        expect(values.filter((one) => holds(a, one) && !holds(b, one))).toEqual([])
      if (isDisjoint(a, b))
        expect(values.filter((one) => holds(a, one) && holds(b, one))).toEqual([])
    }),
    { numRuns: 3000 },
  )
})

test('what is said of joined conditions holds for every request', () => {
  const leaf = fc
    .tuple(fc.constantFrom('x', 'y'), matcher)
    .map(([name, one]): NormalCondition => ({ type: 'header', name, matcher: one }))
  const { tree } = fc.letrec<{ tree: NormalCondition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      leaf,
      tie('tree').map((of): NormalCondition => ({ type: 'not', of })),
      fc
        .tuple(
          fc.constantFrom('all' as const, 'any' as const),
          fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
        )
        .map(([type, of]): NormalCondition => ({ type, of })),
    ),
  }))
  const request = fc.record({ x: value, y: value })
  fc.assert(
    fc.property(tree, tree, fc.array(request, { minLength: 20 }), (a, b, requests) => {
      const both = (one: { x: string | null; y: string | null }) =>
        [a, b].map((condition) => evaluate(condition, one))
      if (implies(a, b, kinds))
        expect(requests.filter((one) => both(one)[0] && !both(one)[1])).toEqual([])
      if (excludes(a, b, kinds))
        expect(requests.filter((one) => both(one)[0] && both(one)[1])).toEqual([])
    }),
    { numRuns: 3000 },
  )
})

type Request = Readonly<Record<string, string | null>>

function evaluate(condition: NormalCondition, request: Request): boolean {
  switch (condition.type) {
    case 'all':
      return condition.of.every((part) => evaluate(part, request))
    case 'any':
      return condition.of.some((part) => evaluate(part, request))
    case 'not':
      return !evaluate(condition.of, request)
    case 'header':
      return isEmpty(condition.matcher)
        ? request[condition.name] !== null
        : holds(condition.matcher, request[condition.name] ?? null)
    default:
      throw new Error(`no ${condition.type} here`)
  }
}
