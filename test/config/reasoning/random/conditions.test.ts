import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createReasoner } from '../../../../src/config/checks/reasoning/reasoner.ts'
import type { NormalCondition, NormalMatcher } from '../../../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../../../src/credentials/catalogue.ts'
import { compileMatcher } from '../../../../src/routing/rules/matcher.ts'

const reasoner = createReasoner({
  kinds: loadCatalogue().kinds,
  clients: ['ci', 'dev'],
  schemes: 'where named',
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
