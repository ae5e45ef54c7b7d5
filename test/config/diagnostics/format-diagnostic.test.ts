import { expect, test } from 'vitest'
import { formatDiagnostic } from '../../../src/config/diagnostics/format-diagnostic.ts'
import type { Diagnostic } from '../../../src/config/shapes/diagnostic.ts'

const FINDING: Diagnostic = {
  file: 'routes.yaml',
  line: 12,
  column: 3,
  length: 4,
  code: 'unknown-key',
  severity: 'error',
  path: 'routes[0]',
  message: 'unknown key "uses"',
}

test.each<{ name: string; parts: Partial<Diagnostic>; lines: readonly string[] }>([
  {
    name: 'with its line',
    parts: { sourceLine: '  uses: x' },
    lines: [
      'routes.yaml:12:3 error unknown-key routes[0]: unknown key "uses"',
      '   12 |   uses: x',
      '      |   ^^^^',
    ],
  },
  {
    name: 'behind tabs, which are as wide above and below',
    parts: { sourceLine: '\t\tuses: x' },
    lines: [
      'routes.yaml:12:3 error unknown-key routes[0]: unknown key "uses"',
      '   12 | \t\tuses: x',
      '      | \t\t^^^^',
    ],
  },
  {
    name: 'behind letters of two units',
    parts: { sourceLine: '\u{1f511}\u{1f511}uses: x' },
    lines: [
      'routes.yaml:12:3 error unknown-key routes[0]: unknown key "uses"',
      '   12 | \u{1f511}\u{1f511}uses: x',
      '      |   ^^^^',
    ],
  },
  {
    name: 'of the whole file, with what to do',
    parts: { path: '', severity: 'warning', hint: 'write "use"' },
    lines: ['routes.yaml:12:3 warning unknown-key unknown key "uses"; write "use"'],
  },
  {
    name: 'with a request that shows it',
    parts: { witness: 'curl /a' },
    lines: [
      'routes.yaml:12:3 error unknown-key routes[0]: unknown key "uses"',
      '      = such as curl /a',
    ],
  },
  {
    name: 'with one that the message shows already',
    parts: { witness: 'uses' },
    lines: ['routes.yaml:12:3 error unknown-key routes[0]: unknown key "uses"'],
  },
])('a finding $name', ({ parts, lines }) => {
  expect(formatDiagnostic({ ...FINDING, ...parts }).split('\n')).toEqual(lines)
})
