import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Document } from '../../../src/config/text/document.ts'
import { readInPieces, readYaml } from '../../../src/config/text/yaml-reader.ts'

/** Items of a list as people write them, and as they break. */
const ITEMS = [
  '  - name: one\n    match: { path: /a/* }\n',
  '  - { name: two, "quoted key": [1, 2, [3, ~]] }\n',
  '  # a comment\n  - name: three # and another\n\n',
  '  - name: "over\n      two lines"\n    use: >-\n      folded\n      text\n\n    last: |\n      - no item\n      # no comment\n',
  '  -\n    name: four\n    rules:\n      - use: none\n      - if: { method: GET }\n\n        use: x-api-key\n',
  '  - - - nested\n    - 2\n  - plain text\n  - 12\n  -\n',
  '    # further in\n  - ? key\n    : value\n',
  "  - 'it''s'\n  - [flow,\n     over lines]\n",
]

const FAULTS = [
  '  - name: a\n    name: b\n',
  '  -\tname: a\n  - name: a\n   b: c\n',
  '  - "\\q"\n',
  '  - { a: b\n',
  '  - *nothing\n',
  '  - &here a\n',
  ' - less far in\n',
  'again: 1\n',
  '---\n  - another: document\n',
]

const list = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .array(item, { minLength: 60, maxLength: 100 })
    .map((items) => `version: 1\nlist:\n${items.join('')}after: [a, b]\n`)

/** All values with the places of their entries, in order. */
function placesOf({ placed: { value, spans } }: Document): unknown {
  const walk = (node: unknown): unknown =>
    typeof node === 'object' && node !== null
      ? [spans.get(node), Object.entries(node).map(([key, each]) => [key, walk(each)])]
      : node
  return walk(value)
}

test('a text that is read in pieces is what it is as a whole', () => {
  fc.assert(
    fc.property(list(fc.constantFrom(...ITEMS)), (text) => {
      const [pieces, whole] = [readInPieces(text), readYaml(text)]
      expect(whole.findings).toEqual([])
      expect(pieces?.document && placesOf(pieces.document)).toEqual(
        whole.document && placesOf(whole.document),
      )
    }),
    { numRuns: 20, seed: 14 },
  )
})

test('a text with a fault, or of which only the whole tells, is not read in pieces otherwise', () => {
  let refused = 0
  fc.assert(
    fc.property(
      list(fc.constantFrom(...ITEMS)),
      fc.constantFrom(...FAULTS),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (text, fault, where) => {
        const lines = text.split(/(?<=\n)(?= {2}- )/)
        const broken = lines.toSpliced(Math.floor(where * lines.length), 0, fault).join('')
        const [pieces, whole] = [readInPieces(broken), readYaml(broken)]
        if (pieces === null) refused++
        else {
          expect(whole.findings).toEqual([])
          expect(pieces.document && placesOf(pieces.document)).toEqual(
            whole.document && placesOf(whole.document),
          )
        }
      },
    ),
    { numRuns: 45, seed: 14 },
  )
  expect(refused).toBeGreaterThan(25)
})

test('a long file is read in pieces, with its faults told as those of a short one', () => {
  const text = `version: 1\nroutes:\n${'  - name: a\n'.repeat(30_000)}  - name: b\n    name: c\n`
  const { findings, document } = readYaml(text)
  expect(findings.map(({ code }) => code)).toEqual(['duplicate-key'])
  expect(document).not.toBeNull()
})
