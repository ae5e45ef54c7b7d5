// Writes man/keyway.1 from the tables that the command line is read by, compiled before:
//
//   node scripts/write-manual.mjs [FILE]      default: man/keyway.1
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { usages } from '../dist/commands/usage/all.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
const file = process.argv[2] ?? `${root}man/keyway.1`

const text = [
  `.TH KEYWAY 1 ${readDate()} "keyway ${version}" "User Commands"`,
  '.SH NAME',
  'keyway \\- reverse proxy that puts credentials where upstreams expect them',
  '.SH SYNOPSIS',
  ...usages.flatMap(({ name, forms }) => forms.flatMap((form) => synopsis(name, form))).slice(1),
  '.SH DESCRIPTION',
  ...prose(
    "Keyway carries each client's credential to its upstream in the header that upstream expects, by the rules of one YAML file. Its commands serve that file, and say what it does before it is served.",
  ),
  '.SH COMMANDS',
  ...usages.flatMap(command),
  '.SH FILES',
  '.TP',
  '.I config/routes.yaml',
  'the configuration, unless another is named',
  '.SH ENVIRONMENT',
  ...[
    ['KEYWAY_CONFIG', 'the configuration where none is named'],
    ['KEYWAY_CONFIG_LIMIT', 'the size that a configuration may have; default: 1MiB'],
    ['NO_COLOR', 'where it is set, no colours are shown'],
  ].flatMap(([name, says]) => ['.TP', `.B ${name}`, says]),
  '.SH EXIT STATUS',
  ...[
    ['0', 'fine'],
    ['1', 'the configuration or a test fails'],
    ['2', 'wrong usage'],
  ].flatMap(([code, says]) => ['.TP', `.B ${code}`, says]),
]
mkdirSync(dirname(file), { recursive: true })
writeFileSync(file, `${text.join('\n')}\n`)

function command({ name, purpose, flags, notes, examples }) {
  return [
    `.SS ${roff(name)}`,
    ...prose(purpose),
    ...Object.entries(flags).flatMap(option),
    ...(notes === undefined ? [] : ['.PP', ...prose(notes)]),
    '.PP',
    examples.length === 1 ? 'Example:' : 'Examples:',
    '.PP',
    ...literal(examples.map((example) => `    ${example}`)),
  ]
}

function synopsis(name, form) {
  return ['.PP', `.B keyway ${roff(name)}`, ...(form === '' ? [] : [line(form)])]
}

function option([name, { short, value, says, choices, default: standard }]) {
  const flag = `\\fB\\-\\-${roff(name)}\\fR${value ? ` \\fI${value}\\fR` : ''}`
  const listed = (choices ?? []).map((one) => (one === standard ? `${one} (default)` : one))
  return [
    '.TP',
    short ? `\\fB\\-${short}\\fR, ${flag}` : flag,
    ...wrapped([says, listed.join(', ')].filter(Boolean).join(': ')),
  ]
}

/** Paragraphs; lines that are set off are a table, which stays as it is. */
function prose(words) {
  return words.split('\n\n').flatMap((paragraph, index) => {
    const lines = paragraph.split('\n')
    const start = index === 0 ? [] : ['.PP']
    if (!lines.some((one) => one.startsWith('  '))) return [...start, ...wrapped(lines.join(' '))]
    return [...start, ...literal(lines)]
  })
}

/** Lines that are filled again when the page is shown. */
function wrapped(words) {
  const lines = ['']
  for (const word of words.split(' ')) {
    if (lines.at(-1).length + word.length > 70) lines.push('')
    lines.push(`${lines.pop()} ${word}`.trimStart())
  }
  return lines.map(line)
}

function literal(lines) {
  return ['.nf', ...lines.map(line), '.fi']
}

/** A line of text; a dot or an apostrophe at its start would make it a request of roff's. */
function line(words) {
  const escaped = roff(words)
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped
}

function roff(words) {
  return words
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('…', '\\.\\|.\\|.')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
}

/** Of what it is built from, not of the day on which it is. */
function readDate() {
  const { SOURCE_DATE_EPOCH } = process.env
  if (SOURCE_DATE_EPOCH) return new Date(SOURCE_DATE_EPOCH * 1000).toISOString().slice(0, 10)
  if (!existsSync(`${root}.git`)) return '""'
  const log = ['log', '-1', '--format=%cs']
  return execFileSync('git', log, { cwd: root, encoding: 'utf8' }).trim() || '""'
}
