import { describe, expect, test } from 'vitest'
import { findText } from '../../../src/config/checks/reasoning/text/find-text.ts'
import { runs } from '../../../src/config/checks/reasoning/text/machine.ts'
import {
  createTextAtoms,
  type TextAtom,
  type TextAtoms,
} from '../../../src/config/checks/reasoning/text/text-atom.ts'
import type { NormalKind } from '../../../src/config/shapes/normal-config.ts'

const KINDS: readonly NormalKind[] = [
  { name: 'long', prefixes: ['ab-c', 'x'] },
  { name: 'short', prefixes: ['ab', 'x'] },
  { name: 'digits', matches: '^[0-9]{3}$' },
  { name: 'more digits', matches: '^[0-9]+$' },
]

const atomsOf = (): TextAtoms => createTextAtoms({ kind: KINDS, 'other kind': [] }, { spent: 0 })

type Make = (atoms: TextAtoms) => TextAtom

const rows: readonly [name: string, make: Make, accepted: string[], refused: string[]][] = [
  ['a beginning', (a) => a.prefix('ab'), ['ab', 'abc', 'ab\n'], ['', 'a', 'ba', 'aab', 'Ab']],
  ['an empty beginning', (a) => a.prefix(''), ['', 'a'], []],
  ['an end', (a) => a.suffix('aab'), ['aab', 'aaab', 'aabaab', 'xaab'], ['', 'ab', 'aaba', 'aabx']],
  [
    'an end that holds itself',
    (a) => a.suffix('abab'),
    ['abab', 'ababab', 'aabab'],
    ['ababa', 'abaab', 'bab'],
  ],
  ['an empty end', (a) => a.suffix(''), ['', 'a'], []],
  ['a part', (a) => a.contains('aab'), ['aab', 'aaab', 'xaabx', 'aabaa'], ['', 'ab', 'aa', 'aba']],
  ['a part that holds itself', (a) => a.contains('abac'), ['ababac', 'abacx'], ['abab', 'abaabc']],
  ['an empty part', (a) => a.contains(''), ['', 'a'], []],
  ['some texts', (a) => a.oneOf(['ab', 'abc', '']), ['', 'ab', 'abc'], ['a', 'abcd', 'b']],
  ['no texts', (a) => a.oneOf([]), [], ['', 'a']],
  ['beyond the first plane', (a) => a.prefix('😀'), ['😀', '😀a'], ['\ud83d', 'a😀']],
  ['an exact path', (a) => a.path('/a/b'), ['/a/b'], ['/a/b/', '/a', '/a/bc', '/a/b/c']],
  ['a path and all below', (a) => a.path('/a/*'), ['/a', '/a/', '/a/b/c'], ['/', '/ab', '/b/a']],
  ['a parameter', (a) => a.path('/:x'), ['/a', '/abc'], ['/', '/a/', '/a/b', '']],
  [
    'a parameter and more',
    (a) => a.path('/:x/b'),
    ['/a/b', '/aa/b'],
    ['//b', '/a', '/a/bc', '/a/c'],
  ],
  [
    'a parameter and all below',
    (a) => a.path('/a/:x/*'),
    ['/a/b', '/a/b/', '/a/b/c'],
    ['/a', '/a/', '/a//c'],
  ],
  ['all paths', (a) => a.path('/*'), ['/', '/a', '/a/b'], ['', 'a']],
  [
    'a kind by the longest prefix',
    (a) => a.kinds(['long'], 'kind'),
    ['ab-c', 'ab-cd', 'x'],
    ['ab', 'ab-d', 'b', ''],
  ],
  [
    'a kind by a shorter one',
    (a) => a.kinds(['short'], 'kind'),
    ['ab', 'ab-', 'ab-d', 'abc'],
    ['ab-c', 'ab-c1', 'x', 'a'],
  ],
  [
    'a kind by a pattern',
    (a) => a.kinds(['digits'], 'kind'),
    ['123'],
    ['12', '1234', 'ab1', 'ab123'],
  ],
  [
    'a kind by a later pattern',
    (a) => a.kinds(['more digits'], 'kind'),
    ['12', '1234'],
    ['123', '12a', ''],
  ],
  ['two kinds', (a) => a.kinds(['short', 'digits'], 'kind'), ['ab', '123'], ['ab-c', '12']],
  ['no known kind', (a) => a.kinds(['unknown'], 'kind'), ['', 'a', '12a'], ['ab', '12', 'xyz']],
  ['no known kind of none', (a) => a.kinds(['unknown'], 'other kind'), ['', 'ab', '12'], []],
]

describe('what is known of a text: a machine accepts', () => {
  test.each(rows)('%s', (_, make, accepted, refused) => {
    const atom = make(atomsOf())
    expect(accepted.filter((text) => !runs(atom.machine, text))).toEqual([])
    expect(refused.filter((text) => runs(atom.machine, text))).toEqual([])
    expect(accepted.filter((text) => !atom.accepts(text))).toEqual([])
    expect(refused.filter((text) => atom.accepts(text))).toEqual([])
  })

  test('and is made once for one question', () => {
    const atoms = atomsOf()
    expect(atoms.prefix('a')).toBe(atoms.prefix('a'))
    const all = [
      atoms.prefix('a'),
      atoms.prefix('b'),
      atoms.suffix('a'),
      atoms.contains('a'),
      atoms.matches('a'),
      atoms.path('/a'),
      atoms.oneOf(['a']),
      atoms.oneOf(['b']),
      atoms.kinds(['long'], 'kind'),
      atoms.kinds(['short'], 'kind'),
      atoms.kinds(['long'], 'other kind'),
    ]
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    expect(atoms.kinds(['short', 'long'], 'kind')).toBe(atoms.kinds(['long', 'short'], 'kind'))
  })
})

describe('a shortest text', () => {
  const find = (wanted: readonly Make[], unwanted: readonly Make[] = []): string | null => {
    const atoms = atomsOf()
    const demands = [
      ...wanted.map((make) => ({ machine: make(atoms).machine, isWanted: true })),
      ...unwanted.map((make) => ({ machine: make(atoms).machine, isWanted: false })),
    ]
    return findText(demands, { spent: 0 }, 10_000)
  }
  test.each<[string, Make[], Make[], string | null]>([
    ['of nothing that is asked', [], [], ''],
    ['of one beginning', [(a) => a.prefix('ab')], [], 'ab'],
    [
      'of a beginning and an end that overlap',
      [(a) => a.prefix('ab'), (a) => a.suffix('bc')],
      [],
      'abc',
    ],
    ['of a beginning and an end', [(a) => a.prefix('ab'), (a) => a.suffix('cd')], [], 'abcd'],
    ['of a beginning, but not alone', [(a) => a.prefix('ab')], [(a) => a.oneOf(['ab'])], 'abx'],
    [
      'of a beginning, and nothing pleasant behind',
      [(a) => a.prefix('a')],
      [(a) => a.oneOf(['a']), (a) => a.matches('^a[a-zA-Z0-9/._=-]')],
      'a!',
    ],
    ['of two beginnings', [(a) => a.prefix('a'), (a) => a.prefix('b')], [], null],
    ['of what is not wanted', [(a) => a.prefix('ab')], [(a) => a.prefix('a')], null],
    ['of a pattern', [(a) => a.matches('^[0-9]{2}$')], [], '11'],
    ['of control characters alone', [(a) => a.matches('^[\\x00-\\x1f]$')], [], '\0'],
    ['beyond ASCII', [(a) => a.matches('^[^\\x00-\\x7f]$')], [], '\x80'],
    ['of no text but a long one', [(a) => a.path('/:x/*')], [(a) => a.path('/:x')], '/x/'],
    ['of a kind', [(a) => a.kinds(['short'], 'kind')], [], 'ab'],
  ])('%s', (_, wanted, unwanted, text) => {
    expect(find(wanted, unwanted)).toBe(text)
  })
})
