import { expect, test } from 'vitest'
import { findRouteLines } from '../../src/config/diagnostics/route-lines.ts'
import { parseDocument } from '../../src/config/text/parse-document.ts'

test.each([
  {
    name: 'maps and sentences, each on lines of their own',
    text: `routes:
  - name: one
    rules:
      - name: first
        use: x-api-key
      - if credential matches ^sk- use x-api-key

  # a comment
  - name: two
`,
    lines: [
      { line: 2, rules: [4, 6], fallback: [] },
      { line: 9, rules: [], fallback: [] },
    ],
  },
  {
    name: 'fallbacks and their rules',
    text: `routes:
  - name: one
    rules: [use none]
    fallback:
      - upstream: a
        rules:
          - use x-api-key
          - use none
      - { upstream: b }
`,
    lines: [
      {
        line: 2,
        rules: [3],
        fallback: [
          { line: 5, rules: [7, 8] },
          { line: 9, rules: [] },
        ],
      },
    ],
  },
  {
    name: 'all on one line, after a byte order mark',
    text: '\uFEFFversion: 1\nroutes: [{ name: one, rules: [{ use: none }, { use: none }] }]\n',
    lines: [{ line: 2, rules: [2, 2], fallback: [] }],
  },
  { name: 'no routes', text: 'version: 1\n', lines: [] },
])('lines of routes and rules: $name', ({ text, lines }) => {
  const { document } = parseDocument(text, 4_096)
  expect(document && findRouteLines(document)).toEqual(lines)
})
