import { expect, test } from 'vitest'
import { completeYaml } from './complete-yaml.ts'
import type { Block } from './read-blocks.ts'
import { matches, stepsOf } from './steps.ts'

const block = (language: string, text: string): Block => ({
  page: 'page.md',
  line: 1,
  language,
  options: new Map(),
  text,
})

test('a console block is commands, each with what it prints', () => {
  expect(stepsOf(block('console', '$ one \\\n>   more\nprinted\n$ two\n'))).toEqual([
    { command: 'one \\\n  more', expected: ['printed'] },
    { command: 'two', expected: [] },
  ])
})

test('a sh block is one script', () => {
  expect(stepsOf(block('sh', 'one\ntwo\n'))).toEqual([{ command: 'one\ntwo\n', expected: null }])
})

test.each([
  { name: 'the same', expected: ['a', 'b'], printed: 'a\nb\n', is: true },
  { name: 'nothing', expected: [], printed: '', is: true },
  { name: 'something where nothing is', expected: [], printed: 'a\n', is: false },
  { name: 'a part of a line left out', expected: ['a … c'], printed: 'a b c\n', is: true },
  { name: 'lines left out', expected: ['a', '…', 'd'], printed: 'a\nb\nc\nd\n', is: true },
  { name: 'no line left out', expected: ['a', '…'], printed: 'a\n', is: true },
  { name: 'a line more', expected: ['a'], printed: 'a\nb\n', is: false },
  { name: 'another word', expected: ['a.c'], printed: 'abc\n', is: false },
])('$name: $is', ({ expected, printed, is }) => {
  expect(matches(expected, printed)).toBe(is)
})

test.each([
  { name: 'a rule', text: 'if: { method: GET }\nreject: 403\n', holds: 'rules' },
  { name: 'of a server', text: 'accessLog: true\n', holds: 'server' },
  { name: 'of an upstream', text: 'eject: off\n', holds: 'upstreams' },
])('a fragment $name goes where its keys belong', ({ text, holds }) => {
  expect(completeYaml(text)).toContain(`${holds}:`)
})

test('a fragment whose keys are none belongs nowhere', () => {
  expect(completeYaml('nowhere: 1\n')).toBeNull()
})
