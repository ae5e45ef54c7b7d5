import { describe, expect, test } from 'vitest'
import {
  DIFF_FORMATS,
  type DiffFormat,
  type DiffReport,
} from '../../../src/commands/reports/diff-report.ts'

const NOTHING: DiffReport = {
  oldFile: 'old.yaml',
  newFile: 'new.yaml',
  changes: [],
  decisions: [],
  classes: [],
  undetermined: [],
}

/** A class of requests whose change is so dangerous. */
const classOf = (danger: number, kind: string): DiffReport['classes'][number] => ({
  danger,
  kind,
  witness: 'curl http://proxy/a|b',
  from: '127.0.0.1',
  client: null,
  comment: '',
  was: 'route "a"',
  is: '403\nrefused',
  differences: [{ what: 'answer', before: '200', after: '403' }],
  line: 7,
})

const BESIDE = ' # from 10.0.0.1; client:ci stands for the token of "ci"'

const ALL: DiffReport = {
  ...NOTHING,
  changes: ['route "a" changed: match', 'one|two'],
  decisions: [
    { test: 'a key', differences: [{ what: 'route', before: 'a', after: 'b' }] },
    { test: 'none', differences: [{ what: 'rule', before: 'x', after: 'y' }] },
  ],
  classes: [
    { ...classOf(0, 'a credential leaves'), from: '10.0.0.1', client: 'ci', comment: BESIDE },
    classOf(1, 'goes `elsewhere`'),
    classOf(2, 'is refused'),
    classOf(3, 'another path'),
    classOf(4, 'another rule'),
  ],
  undetermined: ['of hosts|names'],
}

const rows: { name: string; format: DiffFormat; report: DiffReport; text: string }[] = [
  { name: 'nothing', format: 'text', report: NOTHING, text: 'nothing differs\n' },
  {
    name: 'one class',
    format: 'text',
    report: { ...NOTHING, classes: [classOf(2, 'is refused')] },
    text: `1 class of requests is decided otherwise:
  1. is refused
     curl http://proxy/a|b
     was route "a"
     is  403
refused
     answer: 200 → 403
`,
  },
  {
    name: 'a doubt alone',
    format: 'text',
    report: { ...NOTHING, undetermined: ['of hosts'] },
    text: "can't tell: of hosts\n",
  },
  {
    name: 'two classes, what changed, tests and a doubt',
    format: 'text',
    report: { ...ALL, classes: ALL.classes.slice(0, 2) },
    text: `route "a" changed: match
one|two
decided otherwise, of the requests under tests:
  "a key"
    route: a → b
  "none"
    rule: x → y
2 classes of requests are decided otherwise, the most dangerous first:
  1. a credential leaves
     curl http://proxy/a|b # from 10.0.0.1; client:ci stands for the token of "ci"
     was route "a"
     is  403
refused
     answer: 200 → 403
  2. goes \`elsewhere\`
     curl http://proxy/a|b
     was route "a"
     is  403
refused
     answer: 200 → 403
can't tell: of hosts|names
`,
  },
  {
    name: 'nothing',
    format: 'markdown',
    report: NOTHING,
    text: '### What changes in `new.yaml`\n\nNo request is decided otherwise.\n',
  },
  {
    name: 'a class, what changed and a doubt, none of which ends a cell',
    format: 'markdown',
    report: { ...ALL, newFile: 'n`e`w.yaml', classes: ALL.classes.slice(0, 1) },
    text: `### What changes in <code>n&#96;e&#96;w.yaml</code>

| what | a request | was | is | what changes |
|---|---|---|---|---|
| a credential leaves | \`curl http://proxy/a\\|b # from 10.0.0.1; client:ci stands for the token of "ci"\` | route "a" | 403 refused | answer: 200 → 403 |

- can't tell: of hosts\\|names

- route "a" changed: match
- one\\|two
`,
  },
  { name: 'nothing', format: 'github', report: NOTHING, text: '' },
  {
    name: 'classes by their danger, and a doubt',
    format: 'github',
    report: ALL,
    text: [
      ['error', 'a credential leaves'],
      ['error', 'goes `elsewhere`'],
      ['warning', 'is refused'],
      ['warning', 'another path'],
      ['notice', 'another rule'],
    ]
      .map(
        ([level, title]) =>
          `::${level} file=new.yaml,line=7,title=${title}::curl http://proxy/a|b${title === 'a credential leaves' ? BESIDE : ''}%0Awas route "a"%0Ais 403%0Arefused%0Aanswer: 200 → 403\n`,
      )
      .concat("::warning file=new.yaml,title=can't tell::of hosts|names\n")
      .join(''),
  },
]

test.each(rows)('$format: $name', ({ format, report, text }) => {
  expect(DIFF_FORMATS[format](report)).toBe(text)
})

test('JSON has all of it but the names of the files', () => {
  const { oldFile: _, newFile: __, ...rest } = ALL
  expect(JSON.parse(DIFF_FORMATS.json(ALL))).toEqual(rest)
  expect(DIFF_FORMATS.json(NOTHING)).toBe(
    '{\n  "changes": [],\n  "decisions": [],\n  "classes": [],\n  "undetermined": []\n}\n',
  )
})

describe('SARIF', () => {
  const runOf = () => JSON.parse(DIFF_FORMATS.sarif(ALL)).runs[0]

  test('has a result for each class and each doubt, by its danger', () => {
    const results = (runOf().results as readonly Result[]).map((result) => {
      const { physicalLocation } = result.locations[0]
      return [
        result.ruleId,
        result.level,
        result.message.text,
        physicalLocation.region.startLine,
      ] as const
    })
    const words = 'curl http://proxy/a|b was route "a", is 403\nrefused; answer: 200 → 403'
    const first = words.replace('|b', `|b${BESIDE}`)
    expect(results).toEqual([
      ['a-credential-leaves', 'error', `a credential leaves: ${first}`, 7],
      ['goes-elsewhere-', 'error', `goes \`elsewhere\`: ${words}`, 7],
      ['is-refused', 'warning', `is refused: ${words}`, 7],
      ['another-path', 'warning', `another path: ${words}`, 7],
      ['another-rule', 'note', `another rule: ${words}`, 7],
      ['undetermined', 'warning', "can't tell: of hosts|names", 1],
    ])
  })

  test('names the tool and the new file', () => {
    const run = runOf()
    expect(run.tool.driver).toMatchObject({
      name: 'keyway diff',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    })
    expect(run.columnKind).toBe('unicodeCodePoints')
    expect(run.results[0].locations[0].physicalLocation.artifactLocation).toEqual({
      uri: 'new.yaml',
    })
  })
})

interface Result {
  readonly ruleId: string
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly [{ readonly physicalLocation: Place }]
}

interface Place {
  readonly region: { readonly startLine: number }
}
