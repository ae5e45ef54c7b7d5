import { RE2JS } from 're2js'
import { expect, test } from 'vitest'
import { findText } from '../../../src/config/checks/reasoning/text/find-text.ts'
import { patternMachine } from '../../../src/config/checks/reasoning/text/pattern-machine.ts'
import { CantTell } from '../../../src/config/checks/reasoning/verdict.ts'
import { compilePattern } from '../../../src/config/language/pattern.ts'

/** Patterns whose automata are large, or whose search is. */
const NASTY: readonly string[] = [
  '^(?:a|b)*a(?:a|b){300}$',
  '(?:a|b)*a(?:a|b){60}c',
  '^(?:a?){200}a{200}$',
  '^(?:a*)*$',
  '^(?:(?:a|b)*c){40}$',
  '(?:x+x+)+y',
  '^(?:[a-z]{0,30}){15}$',
  '^(?:.{0,50}a){10}$',
  '(?i)^(?:abcdefghijklmnopqrstuvwxyz|zyxwvutsrqponmlkjihgfedcba)*$',
  '(?i)\\pL{20}\\pN{20}\\pL{20}',
  '^[^a][^b][^c][^d][^e][^f][^g][^h].*z$',
  '(?:a.*){30}b',
  '^(?:a{1,30}b{1,30}){8}$',
  '(?m)^(?:a$\\n?){100}',
  '(?:\\b\\w+\\b\\W*){30}',
  '(?s)^.*a.{100}$',
  '(?s)a.{80}b.{80}c',
  '^(?:0|1(?:01*0)*1)*$',
  '^(?:[01]{8}){40}$',
  '(?:(?:a|ab)(?:c|bcd)(?:d*)){60}',
  '^(?:(?:[^,]*),){100}$',
  '^(?:\\d{1,3}\\.){3}\\d{1,3}(?:/\\d{1,2})?(?:,(?:\\d{1,3}\\.){3}\\d{1,3}){0,10}$',
  '(?:a|aa|aaa|aaaa|aaaaa|aaaaaa){50}$',
  '[\\x{100}-\\x{10ffff}]{100}[^\\x{100}-\\x{10ffff}]{100}',
  '(?i)[k\\x{17f}\\x{212a}sß]{50}\\B[a-f]{50}',
  '^(?:|a|b)(?:|a|b){100}c$',
  '(?U)(?:a*b*c*d*){40}e',
  '^(?:a.b|a.c|a.d|b.a|b.c|b.d|c.a|c.b){30}$',
  '(?i)ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŸĀĂĄĆĈĊČĎĐĒĔĖĘĚΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩАБВГДЕЖЗ',
  '\\z|\\A|^|$|\\b|\\B|(?:)',
]

const STEPS = 60_000

/** What one step may cost beyond the bound: each state of both automata at once. */
const LAST_STEP = 10_000

test.each(
  NASTY.flatMap((one, at) => [
    { name: `${one} alone`, wanted: [one], unwanted: [] },
    { name: `${one} and another`, wanted: [one, NASTY.at(at - 1) as string], unwanted: [] },
    { name: `${one} but not another`, wanted: [one], unwanted: [NASTY.at(at - 7) as string] },
  ]),
)('ends, and guesses nothing: $name', ({ wanted, unwanted }) => {
  const meter = { spent: 0 }
  const demands = [
    ...wanted.map((source) => ({ machine: patternMachine(source, meter), isWanted: true })),
    ...unwanted.map((source) => ({ machine: patternMachine(source, meter), isWanted: false })),
  ]
  try {
    const text = findText(demands, meter, STEPS)
    if (text === null) return
    for (const source of wanted) expect(compilePattern(source).test(text)).toBe(true)
    for (const source of unwanted) expect(compilePattern(source).test(text)).toBe(false)
  } catch (error) {
    if (!(error instanceof CantTell)) throw error
  } finally {
    expect(meter.spent).toBeLessThan(STEPS + LAST_STEP)
  }
})

test('a letter stands for all that fold to it, and for no others', () => {
  for (const letter of [
    'k',
    'K',
    '\u212a',
    's',
    'ſ',
    'ß',
    'ẞ',
    'i',
    'ı',
    'İ',
    'µ',
    'σ',
    'ς',
    'ǅ',
    '1',
    'Ა',
    'Ꭰ',
    'ꭰ',
    'ᲀ',
    '\u0345',
  ]) {
    const source = `(?i)^${letter}$`
    const machine = patternMachine(source, { spent: 0 })
    const cuts = machine.cuts(machine.start)
    const pattern = RE2JS.compile(source)
    for (let code = 0; code < 0x20000; code += 1) {
      const isMatch = pattern.test(String.fromCodePoint(code))
      if (isMatch)
        expect(cuts, `${letter} ${code.toString(16)}`).toEqual(
          expect.arrayContaining([code, code + 1]),
        )
    }
  }
})
