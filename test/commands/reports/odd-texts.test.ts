import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { DIFF_FORMATS, type DiffReport } from '../../../src/commands/reports/diff-report.ts'

const { id, $schema, ...schema } = JSON.parse(
  readFileSync(new URL('../../fixtures/sarif-2.1.0.schema.json', import.meta.url), 'utf8'),
)
const isSarif = new Ajv({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(
  schema,
)

/** What a file, its name and its patterns may hold, and a report must not take for its own signs. */
const ODD = [
  'a,b:c;d=e',
  '100%0A%25%3A',
  '::error file=x::gone',
  'line\nline\r\nline\rline',
  '{0} {} }{ ${secret.own}',
  '[x](1) `y` |z| \\|',
  '<script>&amp;',
  'é 中 😀 \u2028',
  '"quoted" \'too\'',
]

function reportOf(text: string): DiffReport {
  return {
    oldFile: 'old.yaml',
    newFile: `${text}.yaml`,
    changes: [text],
    decisions: [{ test: text, differences: [{ what: text, before: text, after: text }] }],
    classes: [
      {
        danger: 0,
        kind: text,
        witness: text,
        from: '127.0.0.1',
        client: null,
        comment: '',
        was: text,
        is: text,
        differences: [],
        line: 1,
      },
    ],
    undetermined: [text],
  }
}

/** A workflow command as the runner of GitHub Actions reads it. */
function readCommand(line: string): {
  readonly level: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
} {
  const [, level = '', words = '', data = ''] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? []
  const properties = words.split(',').map((word): [string, string] => {
    const at = word.indexOf('=')
    return [word.slice(0, at), unescapeProperty(word.slice(at + 1))]
  })
  return { level, properties: Object.fromEntries(properties), message: unescapeData(data) }
}

function unescapeData(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

function unescapeProperty(text: string): string {
  const plain = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n')
  return plain.replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
}

test.each(ODD)('%j in annotations', (text) => {
  const lines = DIFF_FORMATS.github(reportOf(text)).split(/\r\n|\r|\n/)
  expect(lines).toHaveLength(3)
  expect(lines.slice(0, 2).map(readCommand)).toEqual([
    {
      level: 'error',
      properties: { file: `${text}.yaml`, line: '1', title: text },
      message: `${text}\nwas ${text}\nis ${text}`,
    },
    { level: 'warning', properties: { file: `${text}.yaml`, title: "can't tell" }, message: text },
  ])
})

test.each(ODD)('%j in SARIF', (text) => {
  const log = JSON.parse(DIFF_FORMATS.sarif(reportOf(text)))
  isSarif(log)
  expect(isSarif.errors).toBeNull()
  const [{ results }] = log.runs
  const [{ message, locations }] = results
  const { uri } = locations[0].physicalLocation.artifactLocation
  expect(decodeURIComponent(uri)).toBe(`${text}.yaml`)
  expect(uri).toMatch(/^[\w.~!*'()%-]+$/)
  // As a viewer shows it: what stands in braces is no argument.
  expect(message.text.replaceAll('{{', '{').replaceAll('}}', '}')).toBe(
    `${text}: ${text} was ${text}, is ${text}`,
  )
  expect(message.text.replaceAll(/\{\{|\}\}/g, '')).not.toMatch(/[{}]/)
})

test.each(ODD)('%j in JSON', (text) => {
  const { oldFile: _, newFile: __, ...rest } = reportOf(text)
  expect(JSON.parse(DIFF_FORMATS.json(reportOf(text)))).toEqual(rest)
})

test.each(ODD)('%j in Markdown has a row and a point of a list each', (text) => {
  const lines = DIFF_FORMATS.markdown(reportOf(text)).split('\n')
  expect(lines.map((line) => line.slice(0, 2))).toEqual([
    '##',
    '',
    '| ',
    '|-',
    '| ',
    '',
    '- ',
    '',
    '- ',
    '',
  ])
})
