import { describe, expect, it } from 'vitest'
import { PatternError } from '../../src/config/language/pattern.ts'
import { mergeKinds } from '../../src/config/normalize/merge-kinds.ts'
import type { NormalKind } from '../../src/config/shapes/normal-config.ts'
import { createClassifier } from '../../src/credentials/classify.ts'

const KINDS: readonly NormalKind[] = [
  { name: 'short', prefixes: ['sk-'] },
  { name: 'long', prefixes: ['sk-long-', 'lk_'] },
  { name: 'longer', prefixes: ['sk-long-er-'] },
  { name: 'twin', prefixes: ['lk_'] },
  { name: 'hex', matches: '^[0-9a-f]{8}$' },
  { name: 'word', matches: '^[a-z0-9]+$' },
]

describe('createClassifier', () => {
  const classify = createClassifier(KINDS)
  for (const { name, value, kind } of [
    { name: 'a prefix', value: 'sk-TEST', kind: 'short' },
    { name: 'the longest prefix, whatever the order', value: 'sk-long-TEST', kind: 'long' },
    { name: 'a longer one still', value: 'sk-long-er-TEST', kind: 'longer' },
    { name: 'the prefix alone', value: 'sk-long-', kind: 'long' },
    { name: 'less than the prefix', value: 'sk', kind: 'word' },
    { name: 'the first of two kinds with one prefix', value: 'lk_TEST', kind: 'long' },
    { name: 'case counts', value: 'SK-TEST', kind: 'unknown' },
    { name: 'a pattern where no prefix fits', value: '0123abcd', kind: 'hex' },
    { name: 'the next pattern', value: '0123abcde', kind: 'word' },
    { name: 'a prefix inside is none', value: ' sk-TEST', kind: 'unknown' },
    { name: 'nothing fits', value: 'TEST.value', kind: 'unknown' },
    { name: 'an empty value', value: '', kind: 'unknown' },
  ])
    it(name, () => expect(classify(value).name).toBe(kind))

  it('takes what the kinds say of the unknown', () => {
    const unknown: NormalKind = { name: 'unknown', forward: 'never' }
    expect(createClassifier([...KINDS, unknown])('TEST.value')).toBe(unknown)
  })

  it('refuses a pattern that has no linear-time match', () => {
    expect(() => createClassifier([{ name: 'bad', matches: '(a)\\1' }])).toThrow(PatternError)
  })
})

describe('mergeKinds', () => {
  it('keeps the catalogue where the file has none', () => {
    expect(mergeKinds(KINDS, [])).toBe(KINDS)
  })

  it('overrides key by key', () => {
    const shipped: NormalKind[] = [{ name: 'a', prefixes: ['a-'], description: 'an A' }]
    expect(mergeKinds(shipped, [{ name: 'a', prefixes: ['b-'] }])).toEqual([
      { name: 'a', prefixes: ['b-'], description: 'an A' },
    ])
  })

  it('lets a kind of the file win a tie', () => {
    const classify = createClassifier(mergeKinds(KINDS, [{ name: 'own', prefixes: ['sk-'] }]))
    expect(classify('sk-TEST').name).toBe('own')
    expect(classify('sk-long-TEST').name).toBe('long')
  })

  it('lets a pattern of the file win over one of the catalogue', () => {
    const classify = createClassifier(mergeKinds(KINDS, [{ name: 'own', matches: '^0123' }]))
    expect(classify('0123abcd').name).toBe('own')
  })
})
