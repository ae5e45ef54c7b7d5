import { expect, test } from 'vitest'
import {
  formatReport,
  type ReportedTest,
  type ReportFormat,
} from '../../../src/commands/reports/test-report.ts'
import { formatCoverage } from '../../../src/commands/trying/test-coverage.ts'
import { createPaint, PLAIN } from '../../../src/config/diagnostics/paint.ts'

const PASSED: ReportedTest = {
  name: 'it goes',
  file: 'a.yaml',
  line: 3,
  column: 5,
  differences: [],
}

const FAILED: ReportedTest = {
  ...PASSED,
  name: `it "stays" & <waits>`,
  line: 9,
  differences: [
    { what: 'route', wanted: 'a', got: "b's" },
    { what: 'header x-a', wanted: 'absent', got: '\u0001\ttab' },
  ],
}

const rows: { format: ReportFormat; tests: ReportedTest[]; text: string }[] = [
  { format: 'text', tests: [], text: '0 passed, 0 failed\n' },
  { format: 'text', tests: [PASSED, PASSED], text: '2 passed, 0 failed\n' },
  {
    format: 'text',
    tests: [PASSED, FAILED],
    text: `a.yaml:9:5 failed "it "stays" & <waits>": route: wanted a, got b's
a.yaml:9:5 failed "it "stays" & <waits>": header x-a: wanted absent, got \u0001\ttab
1 passed, 1 failed
`,
  },
  {
    format: 'junit',
    tests: [PASSED, FAILED],
    text: `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
  <testsuite name="keyway" tests="2" failures="1">
    <testcase name="it goes" classname="a.yaml" line="3"></testcase>
    <testcase name="it &quot;stays&quot; &amp; &lt;waits&gt;" classname="a.yaml" line="9"><failure message="route: wanted a, got b&apos;s">a.yaml:9</failure><failure message="header x-a: wanted absent, got \uFFFD\ttab">a.yaml:9</failure></testcase>
  </testsuite>
</testsuites>
`,
  },
  { format: 'github', tests: [PASSED], text: '' },
  {
    format: 'github',
    tests: [PASSED, FAILED],
    text: '::error file=a.yaml,line=9,col=5,title=test failed%3A it "stays" & <waits>::route: wanted a, got b\'s%0Aheader x-a: wanted absent, got \u0001\ttab\n',
  },
]

test.each(rows)('$format of $tests.length tests', ({ format, tests, text }) => {
  expect(formatReport(tests, format, PLAIN)).toBe(text)
})

test('at a terminal what failed is red, and all that passed green', () => {
  const paint = createPaint()
  expect(formatReport([PASSED], 'text', paint)).toBe('\x1b[32m1 passed\x1b[0m, 0 failed\n')
  const [first] = formatReport([FAILED], 'text', paint).split('\n')
  expect(first).toContain('a.yaml:9:5 \x1b[31mfailed\x1b[0m "it')
  expect(formatReport([PASSED, FAILED], 'text', paint)).toMatch(
    /\n1 passed, \x1b\[31m1 failed\x1b\[0m\n$/,
  )
})

test('JSON counts the tests, and has each', () => {
  expect(JSON.parse(formatReport([PASSED, FAILED], 'json', PLAIN))).toEqual({
    passed: 1,
    failed: 1,
    tests: [PASSED, FAILED],
  })
})

test('SARIF has a result for each difference', () => {
  const [run] = JSON.parse(formatReport([PASSED, FAILED], 'sarif', PLAIN)).runs
  expect(run.tool.driver).toMatchObject({ name: 'keyway test', rules: [{ id: 'test-failed' }] })
  expect(run.results).toEqual([
    {
      ruleId: 'test-failed',
      ruleIndex: 0,
      level: 'error',
      message: { text: `"it "stays" & <waits>": route: wanted a, got b's` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'a.yaml' },
            region: { startLine: 9, startColumn: 5 },
          },
        },
      ],
    },
    expect.objectContaining({
      message: { text: `"it "stays" & <waits>": header x-a: wanted absent, got \u0001\ttab` },
    }),
  ])
})

const request = { method: 'GET', target: '/a', headers: [], peerIp: '127.0.0.1' } as never

const show = (): string => 'the request'

const unreached = [
  { route: 'a', rule: null, branch: null, request, isNever: false },
  { route: 'a', rule: 'r', branch: 'then', request: null, isNever: true },
  { route: 'a', rule: 'r', branch: 'else', request: null, isNever: false },
] as never

test.each([
  {
    name: 'all',
    coverage: { reached: 3, all: 3, unreached: [] },
    text: 'a.yaml: the tests reach 3 of 3 routes, rules and branches\n',
  },
  {
    name: 'not all',
    coverage: { reached: 1, all: 4, unreached },
    text: `a.yaml: the tests reach 1 of 4 routes, rules and branches; not
  route "a"
    the request
  route "a", rule "r"
    no request does
  route "a", rule "r", its else
    no request that does could be written down
`,
  },
])('what tests reach, in words: $name', ({ coverage, text }) => {
  expect(formatCoverage('a.yaml', coverage, { format: 'text', show })).toBe(text)
})

test('what tests reach, as JSON', () => {
  const text = formatCoverage('a.yaml', { reached: 1, all: 4, unreached }, { format: 'json', show })
  expect(JSON.parse(text)).toEqual({
    file: 'a.yaml',
    reached: 1,
    all: 4,
    unreached: [
      { route: 'a', rule: null, branch: null, request: 'the request', isNever: false },
      { route: 'a', rule: 'r', branch: 'then', request: null, isNever: true },
      { route: 'a', rule: 'r', branch: 'else', request: null, isNever: false },
    ],
  })
})
