import { expect, test } from 'vitest'
import { didYouMean, listWords, suggest } from '../../../src/config/diagnostics/suggest.ts'

test.each([
  { word: 'uses', candidates: ['use', 'user'], meant: 'use' },
  { word: 'USE', candidates: ['use'], meant: 'use' },
  { word: 'a', candidates: ['b'], meant: null },
  { word: 'ab', candidates: ['ac'], meant: 'ac' },
  { word: 'header', candidates: ['leader', 'headers'], meant: 'leader' },
  { word: 'listens', candidates: ['routes'], meant: null },
])('$word stands for $meant', ({ word, candidates, meant }) => {
  expect(suggest(word, candidates)).toBe(meant)
})

const many = (count: number): string[] => Array.from({ length: count }, (_, i) => `name-${i}`)

test.each([
  { candidates: [], hint: {} },
  { candidates: ['one'], hint: { hint: 'there is one' } },
  { candidates: ['one', 'two'], hint: { hint: 'there are one and two' } },
  { candidates: many(12), hint: { hint: `there are ${listWords(many(12))}` } },
  { candidates: many(13), hint: {} },
  { candidates: [...many(13), 'zebras'], hint: { hint: 'did you mean "zebras"?' } },
])('of $candidates.length names it is said', ({ candidates, hint }) => {
  expect(didYouMean('zebra', candidates)).toEqual(hint)
})

test.each([
  { words: [], text: '' },
  { words: ['a'], text: 'a' },
  { words: ['a', 'b'], text: 'a or b' },
  { words: ['a', 'b', 'c'], text: 'a, b or c' },
])('$words is written "$text"', ({ words, text }) => {
  expect(listWords(words, 'or')).toBe(text)
})
