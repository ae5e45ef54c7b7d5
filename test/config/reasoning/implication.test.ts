import { describe, expect, test } from 'vitest'
import { not } from '../../../src/config/checks/reasoning/formula.ts'
import { createReasoner } from '../../../src/config/checks/reasoning/reasoner.ts'
import { parseSentence } from '../../../src/config/language/sentence.ts'
import { normalizeCondition } from '../../../src/config/normalize/normalize-condition.ts'
import type { NormalCondition } from '../../../src/config/shapes/normal-config.ts'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'

/** Built anew for each test, so that what builds it is tested by them. */
const reasonerOf = () =>
  createReasoner({
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
    const reasoner = reasonerOf()
    const [first, second] = [a, b].map((words) => reasoner.formulaOf(conditionOf(words)))
    const { verdict } = reasoner.solve(first as never, not(second as never))
    expect(verdict).toBe(holds ? 'no' : 'yes')
  })
})
