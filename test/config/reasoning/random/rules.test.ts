import { expect, test } from 'vitest'
import { type JudgedRule, judgeRules } from '../../../../src/config/checks/reasoning/judge-rules.ts'
import { createReasoner } from '../../../../src/config/checks/reasoning/reasoner.ts'
import { shapeOf } from '../../../../src/config/checks/reasoning/rule-shape.ts'
import { normalizeCondition } from '../../../../src/config/normalize/normalize-condition.ts'
import { normalizeMatch } from '../../../../src/config/normalize/normalize-match.ts'
import type { Condition, Route } from '../../../../src/config/shapes/config.generated.ts'
import { loadCatalogue } from '../../../../src/credentials/catalogue.ts'
import { createRandom } from '../../../proof/random.ts'
import { smallConfig } from '../../../proof/small-configs.ts'

const judged = (condition: Condition): JudgedRule => ({
  condition: normalizeCondition(condition),
  passes: 'rest',
})

/** The same rules with other names. */
function renamed(written: unknown): unknown {
  return JSON.parse(
    JSON.stringify(written).replaceAll(
      /"(\/?)(a|b|ab|c)"/g,
      (_, slash, name) => `"${slash}${name}z"`,
    ),
  )
}

test('rules of one shape are judged alike', () => {
  const { kinds } = loadCatalogue()
  const reasoner = createReasoner({ kinds, clients: null, schemes: 'where named' })
  const known = new Map<string, unknown>()
  let shared = 0
  for (let seed = 0; seed < 1500; seed++) {
    const plain = smallConfig(createRandom(seed)).routes as Route[]
    for (const route of [...plain, ...(renamed(plain) as Route[])]) {
      const rules = (route.rules ?? []).flatMap((rule) =>
        typeof rule === 'string' || !rule.if ? [] : [judged(rule.if)],
      )
      const where = normalizeMatch(route.match)
      const shape = shapeOf(rules, where)
      const verdicts = judgeRules(rules, { match: where, refusedKinds: [], places: null }, reasoner)
      if (known.has(shape)) shared++
      else known.set(shape, verdicts)
      expect(verdicts).toEqual(known.get(shape))
    }
  }
  expect(shared).toBeGreaterThan(1000)
})
