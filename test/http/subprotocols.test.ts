import { describe, expect, test } from 'vitest'
import {
  countSubprotocols,
  parseSubprotocolPlace,
  removeSubprotocols,
  subprotocolValues,
  wordBefore,
  writeSubprotocol,
} from '../../src/http/fields/subprotocols.ts'

const DOTTED = parseSubprotocolPlace('openai-insecure-api-key.*')
const PREFIX = parseSubprotocolPlace('sk-ant-*')
const BEHIND = parseSubprotocolPlace('Bearer *')

test('a place is a prefix, which may be part of the value, or the word before it', () => {
  expect([DOTTED, PREFIX, BEHIND]).toEqual([
    { isBehind: false, mark: 'openai-insecure-api-key.', skipped: 24 },
    { isBehind: false, mark: 'sk-ant-', skipped: 0 },
    { isBehind: true, mark: 'bearer', skipped: 0 },
  ])
})

const FIELD = 'realtime, openai-insecure-api-key.k-TEST,sk-ant-1 , , BEARER, t-TEST, bearer, u-TEST'

describe('a list of subprotocols', () => {
  test.each([
    { name: 'behind a dotted prefix', place: DOTTED, values: ['k-TEST'] },
    { name: 'with a prefix', place: PREFIX, values: ['sk-ant-1'] },
    { name: 'behind a word', place: BEHIND, values: ['t-TEST', 'u-TEST'] },
    { name: 'behind no word', place: parseSubprotocolPlace('none *'), values: [] },
  ])('$name', ({ place, values }) => {
    expect(subprotocolValues(FIELD, place)).toEqual(values)
  })

  test('a word at the end of the list has nothing behind it', () => {
    expect(subprotocolValues('a, bearer', BEHIND)).toEqual([])
    expect(subprotocolValues('t-TEST', BEHIND)).toEqual([])
  })

  test('is counted over all places', () => {
    expect(countSubprotocols(FIELD, [DOTTED, PREFIX, BEHIND])).toBe(4)
    expect(countSubprotocols(FIELD, [])).toBe(0)
  })

  test.each([
    { places: [DOTTED], left: 'realtime, sk-ant-1, BEARER, t-TEST, bearer, u-TEST' },
    { places: [BEHIND], left: 'realtime, openai-insecure-api-key.k-TEST, sk-ant-1' },
    { places: [DOTTED, PREFIX, BEHIND], left: 'realtime' },
    { places: [parseSubprotocolPlace('none-*')], left: FIELD },
  ])('without what stands at its places: $left', ({ places, left }) => {
    expect(removeSubprotocols(FIELD, places)).toBe(left)
  })

  test('is empty where nothing is left', () => {
    expect(removeSubprotocols('bearer, t-TEST', [BEHIND])).toBe('')
  })

  test.each([
    { place: DOTTED, written: 'openai-insecure-api-key.v-TEST' },
    { place: PREFIX, written: 'v-TEST' },
    { place: BEHIND, written: 'bearer, v-TEST' },
  ])('a value is written as $written', ({ place, written }) => {
    expect(writeSubprotocol(place, 'v-TEST')).toBe(written)
  })

  test.each([
    ['realtime, Bearer, t-TEST', 'Bearer'],
    ['bearer, t-TEST, bearer, u-TEST', 'bearer'],
    ['t-TEST, bearer', null],
    ['bearer', null],
    ['sk-ant-1, x', null],
    ['', null],
  ])('in %j the word that says that a value follows is %j', (field, word) => {
    expect(wordBefore(field, [DOTTED, PREFIX, BEHIND])).toBe(word)
  })
})
