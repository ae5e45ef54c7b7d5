import { expect, test } from 'vitest'
import { hashSegment, type Segment, SegmentSet } from '../../../src/routing/decide/segment-set.ts'

function segment(text: string): Segment {
  return { text, hash: hashSegment(text, 0, text.length) }
}

function setOf(...texts: readonly string[]): SegmentSet<Segment> {
  const set = new SegmentSet<Segment>()
  for (const text of texts) set.add(segment(text))
  return set
}

const names = Array.from({ length: 1_000 }, (_, i) => `tenant-${i}`)

test.each([
  { name: 'the segment itself', path: '/v1/messages', start: 1, end: 3, found: 'v1' },
  { name: 'one at the end', path: '/v1/messages', start: 4, end: 12, found: 'messages' },
  { name: 'what only begins as one does', path: '/v10', start: 1, end: 4, found: null },
  { name: 'what one begins with', path: '/v', start: 1, end: 2, found: null },
  { name: 'one in other letters', path: '/V1', start: 1, end: 3, found: null },
  { name: 'nothing', path: '//v1', start: 1, end: 1, found: null },
])('$name is found: $found', ({ path, start, end, found }) => {
  const set = setOf('v1', 'messages')
  expect(set.find(path, start, end)?.text ?? null).toBe(found)
})

test('texts of one number are told apart', () => {
  const texts = ['AaAa', 'BBBB', 'AaBB', 'BBAa']
  expect(new Set(texts.map((text) => segment(text).hash)).size).toBe(1)
  const set = setOf('AaAa', 'BBBB', 'AaBB')
  expect(texts.map((text) => set.find(text, 0, 4)?.text ?? null)).toEqual([
    'AaAa',
    'BBBB',
    'AaBB',
    null,
  ])
})

test('thousands are found, each and no other', () => {
  const set = setOf(...names)
  expect(names.map((name) => set.find(`/${name}/v1`, 1, 1 + name.length)?.text)).toEqual(names)
  expect(set.find('/tenant-1000', 1, 12)).toBe(null)
})

test('nothing is found where nothing was added', () => {
  expect(setOf().find('/v1', 1, 3)).toBe(null)
})

test('the empty segment is one as others are', () => {
  expect(setOf('v1', '').find('//v1', 1, 1)?.text).toBe('')
})
