import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { not } from '../../../src/config/checks/reasoning/formula.ts'
import { createReasoner } from '../../../src/config/checks/reasoning/reasoner.ts'
import { parseSentence } from '../../../src/config/language/sentence.ts'
import { normalizeCondition } from '../../../src/config/normalize/normalize-condition.ts'
import type { NormalCondition, NormalMatcher } from '../../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { compileMatcher } from '../../../src/routing/rules/matcher.ts'

const reasoner = createReasoner({
  kinds: loadCatalogue().kinds,
  clients: ['ci', 'dev'],
  schemes: 'where named',
})

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
  { a: 'credential prefix Sk-', b: 'credential matches ^(?i)sK-', holds: true },
  { a: 'credential equals abc', b: 'credential matches ^a.c$', holds: true },
  { a: 'credential kind anthropic-oauth', b: 'credential prefix sk-ant-', holds: true },
  { a: 'credential prefix sk-ant-oat', b: 'credential kind anthropic-oauth', holds: true },
  { a: 'credential prefix sk-ant-', b: 'credential kind anthropic-oauth', holds: false },
  { a: 'credential kind openai', b: 'credential is present', holds: true },
  { a: 'credential kind unknown', b: 'credential prefix x', holds: false },
  { a: 'credential matches [A-Z]{2}\\d', b: 'credential matches [A-Z]\\w', holds: true },
  { a: 'credential matches ^\\d+$', b: 'credential matches ^(?:[0-4]|[5-9])+$', holds: true },
  { a: 'header a matches \\bred\\b', b: 'header a contains red', holds: true },
  { a: 'header a contains red', b: 'header a matches \\bred\\b', holds: false },
  { a: 'method GET and path /v1/x', b: 'path /v1/*', holds: true },
  { a: 'path /v1/*', b: 'path /v1/x', holds: false },
  { a: 'path /v1/x', b: 'path /v1/:id', holds: true },
  { a: 'path /v1/*', b: 'path /v1/:id', holds: false },
  { a: 'path /v1/:id/b/*', b: 'path matches ^/v1/[^/]+/b', holds: true },
  { a: 'method GET', b: 'method GET or method POST', holds: true },
  { a: 'method GET or method POST', b: 'method GET', holds: false },
  { a: 'method GET', b: 'not method POST', holds: true },
  { a: 'not method GET', b: 'method POST', holds: false },
  { a: 'not credential prefix sk-', b: 'not credential prefix sk-ant-', holds: true },
  { a: 'header a is absent', b: 'not header a equals x', holds: true },
  { a: 'header a equals x', b: 'header b equals x', holds: false },
  { a: 'client ip 10.1.0.0/16', b: 'client ip 10.0.0.0/8', holds: true },
  { a: 'client ip 10.0.0.0/8', b: 'client ip 10.1.0.0/16', holds: false },
  { a: 'client ip 10.0.0.0/8', b: 'client ip 10.0.0.0/9 or client ip 10.128.0.0/9', holds: true },
  { a: 'host api.example.com', b: 'host suffix .example.com', holds: true },
  { a: 'client name prefix c', b: 'client name ci', holds: true },
]

describe('one condition implies another', () => {
  test.each(rows)('$a → $b: $holds', ({ a, b, holds }) => {
    const [first, second] = [a, b].map((words) => reasoner.formulaOf(conditionOf(words)))
    const { verdict } = reasoner.solve(first as never, not(second as never))
    expect(verdict).toBe(holds ? 'no' : 'yes')
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
    '\\bab',
    '^(?:ab)*$',
    '[^a]$',
  ),
)
const matcher: fc.Arbitrary<NormalMatcher> = fc.oneof(
  text.map((equals) => ({ equals })),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((list) => ({ in: list })),
  fc.boolean().map((present) => ({ present })),
  fc.record({ prefix: text, suffix: text, contains: text, matches: pattern }, { requiredKeys: [] }),
  fc.record({ equals: text, prefix: text }),
)

type Request = Readonly<Record<'x' | 'y', string | undefined>>

const texts = (() => {
  const letters = ['a', 'b', '-', 'A']
  const found: (string | undefined)[] = [undefined, '']
  let last = ['']
  for (let length = 1; length <= 3; length++) {
    last = last.flatMap((start) => letters.map((letter) => start + letter))
    found.push(...last)
  }
  return found
})()

const leaf = fc
  .tuple(fc.constantFrom('x', 'y'), matcher)
  .map(([name, one]): NormalCondition => ({ type: 'header', name, matcher: one }))
const { tree } = fc.letrec<{ tree: NormalCondition }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
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

test('a request that is found is one, and where none is found every one is none', () => {
  const none = { x: undefined, y: undefined }
  fc.assert(
    fc.property(tree, fc.nat(), (condition, seed) => {
      const solution = reasoner.solve(reasoner.formulaOf(condition))
      expect(solution.verdict).not.toBe("can't tell")
      if (solution.verdict === 'yes') {
        const sample = (name: 'x' | 'y') =>
          reasoner.sampleOf(solution.facts, `header ${name}`) ?? undefined
        expect(evaluate(condition, { x: sample('x'), y: sample('y') })).toBe(true)
      } else {
        const others = texts.map((_, at) => texts[(at * 7 + seed) % texts.length])
        const requests: Request[] = texts.map((x, at) => ({ x, y: others[at] }))
        expect([none, ...requests].filter((one) => evaluate(condition, one))).toEqual([])
      }
    }),
    { numRuns: 3000, seed: 14 },
  )
})

function evaluate(condition: NormalCondition, request: Request): boolean {
  switch (condition.type) {
    case 'all':
      return condition.of.every((part) => evaluate(part, request))
    case 'any':
      return condition.of.some((part) => evaluate(part, request))
    case 'not':
      return !evaluate(condition.of, request)
    case 'header':
      return compileMatcher(condition.matcher)(
        request[condition.name as 'x' | 'y'],
        () => undefined,
      )
    default:
      throw new Error(`no ${condition.type} here`)
  }
}
