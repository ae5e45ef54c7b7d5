import { describe, expect, test } from 'vitest'
import { findText } from '../../../src/config/checks/reasoning/text/find-text.ts'
import { runs } from '../../../src/config/checks/reasoning/text/machine.ts'
import { patternMachine } from '../../../src/config/checks/reasoning/text/pattern-machine.ts'
import { CantTell } from '../../../src/config/checks/reasoning/verdict.ts'
import { compilePattern } from '../../../src/config/language/pattern.ts'

const machineOf = (source: string) => patternMachine(source, { spent: 0 })

const rows = [
  { pattern: '^sk-ant-', text: 'sk-ant-x', holds: true },
  { pattern: '(?i)^sk$', text: 'S\u212A', holds: true },
  { pattern: '(?i)straße', text: 'STRAẞE', holds: true },
  { pattern: '\\A\\p{Lu}\\z', text: 'É', holds: true },
  { pattern: '(?P<name>a+)\\b', text: 'aa-', holds: true },
  { pattern: '\\Bb', text: 'ab', holds: true },
  { pattern: '\\bb', text: 'ab', holds: false },
  { pattern: '(?m)^b$', text: 'a\nb\nc', holds: true },
  { pattern: '^b$', text: 'a\nb\nc', holds: false },
  { pattern: 'a.b', text: 'a\nb', holds: false },
  { pattern: '(?s)a.b', text: 'a\nb', holds: true },
  { pattern: '^.$', text: '😀', holds: true },
  { pattern: '[[:alpha:]]{2,3}$', text: 'x1ab', holds: true },
  { pattern: '', text: '', holds: true },
]

describe('a pattern as an automaton', () => {
  test.each(rows)('$pattern on $text: $holds', ({ pattern, text, holds }) => {
    expect(compilePattern(pattern).test(text)).toBe(holds)
    expect(runs(machineOf(pattern), text)).toBe(holds)
  })
})

test('ends on patterns whose automata have no end', () => {
  const demands = ['^(?:a|b)*a(?:a|b){300}$', '^(?:a|b)*b(?:a|b){290}$'].map((source) => ({
    machine: machineOf(source),
    isWanted: true,
  }))
  const meter = { spent: 0 }
  const look = () =>
    findText([...demands, { machine: machineOf('c|^a'), isWanted: false }], meter, 60_000)
  expect(look).toThrow(CantTell)
  expect(meter.spent).toBeLessThan(70_000)
})
