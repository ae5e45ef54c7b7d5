import { expect, test } from 'vitest'
import { allOf, anyOf, type Formula } from '../../../src/config/checks/reasoning/formula.ts'
import { createReasoner } from '../../../src/config/checks/reasoning/reasoner.ts'
import { solve } from '../../../src/config/checks/reasoning/solve.ts'
import { CantTell } from '../../../src/config/checks/reasoning/verdict.ts'

test('a question ends, however many branches each look at patterns without end', () => {
  const meter = { spent: 0 }
  let looked = 0
  const findSample = (): never => {
    looked++
    meter.spent += 60_000
    throw new CantTell('too many states')
  }
  const literal = (name: string): Formula => ({
    type: 'present',
    subject: `header ${name}`,
    holds: true,
  })
  const choice = (at: number): Formula =>
    anyOf([0, 1, 2].map((each) => allOf([literal(`a${at}-${each}`), literal(`b${at}-${each}`)])))
  const formulas = [0, 1, 2, 3, 4, 5].map(choice)
  expect(solve(formulas, { findSample, meter, isWanted: () => true })).toEqual({
    verdict: "can't tell",
    reason: 'the conditions can be met in too many ways',
  })
  expect(looked).toBeLessThan(10)
})

test('what hundreds of routes before one take does not hide a path that none of them takes', () => {
  const reasoner = createReasoner({ kinds: [], clients: null, schemes: 'possible' })
  const path = (pattern: string, holds: boolean): Formula => ({
    type: 'text',
    subject: 'path',
    atom: reasoner.atoms.path(pattern),
    holds,
  })
  const before = Array.from({ length: 120 }, (_, at) => path(`/t${at}/:service/v1/*`, false))
  const asked = [
    path('/:tenant/github/v1/*', true),
    reasoner.formulaOfMatcher('path', { matches: '/v\\d+/(?:messages|chat)' }),
  ]
  expect(reasoner.solve(...asked, ...before).verdict).toBe('yes')
  const taken = [...asked, ...before, path('/:x/github/*', false)]
  expect(reasoner.solve(...taken).verdict).toBe('no')
})
