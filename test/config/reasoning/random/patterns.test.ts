import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findText } from '../../../../src/config/checks/reasoning/text/find-text.ts'
import { runs } from '../../../../src/config/checks/reasoning/text/machine.ts'
import { patternMachine } from '../../../../src/config/checks/reasoning/text/pattern-machine.ts'
import { CantTell } from '../../../../src/config/checks/reasoning/verdict.ts'
import { compilePattern } from '../../../../src/config/language/pattern.ts'

const machineOf = (source: string) => patternMachine(source, { spent: 0 })

const atom = fc.constantFrom(
  'a',
  'b',
  'K',
  '.',
  '\\d',
  '\\w',
  '\\W',
  '[^ab]',
  '[a-cA-C]',
  '\\b',
  '\\B',
  '^',
  '$',
  '\\s',
  '\\p{L}',
  'é',
)
const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '*?'))
      .map(([a, times]) => `(?:${a})${times}`),
  ),
}))
const flags = fc.constantFrom('', '(?i)', '(?s)', '(?m)', '(?im)', '(?U)')
const subject = fc
  .array(fc.constantFrom('a', 'b', 'k', 'K', '\u212A', '1', '_', '-', ' ', '\n', 'é', 'É', '😀'), {
    maxLength: 8,
  })
  .map((letters) => letters.join(''))

test('agrees with what decides requests, on random patterns and texts', () => {
  fc.assert(
    fc.property(flags, pattern, fc.array(subject, { minLength: 10 }), (flag, body, texts) => {
      const source = flag + body
      const decide = compilePattern(source).test
      const machine = machineOf(source)
      expect(texts.filter((text) => runs(machine, text) !== decide(text))).toEqual([])
    }),
    { numRuns: 2000, seed: 14 },
  )
})

test('a text that is found is matched by what decides requests', () => {
  fc.assert(
    fc.property(pattern, pattern, (wanted, unwanted) => {
      const demands = [
        { machine: machineOf(wanted), isWanted: true },
        { machine: machineOf(unwanted), isWanted: false },
      ]
      const text = findOrGiveUp(demands)
      if (text === null) return
      expect(compilePattern(wanted).test(text)).toBe(true)
      expect(compilePattern(unwanted).test(text)).toBe(false)
    }),
    { numRuns: 1000, seed: 14 },
  )
})

function findOrGiveUp(demands: Parameters<typeof findText>[0]): string | null {
  try {
    return findText(demands, { spent: 0 }, 20_000)
  } catch (error) {
    if (error instanceof CantTell) return null
    throw error
  }
}
