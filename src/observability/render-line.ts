import type { LogFormat, Terminal } from './log-settings.ts'

/** Writes a line that came as JSON in another way, its line feed included. */
export type RenderLine = (json: string) => string

type Fields = Readonly<Record<string, unknown>>

/** Creates what writes lines in a format; null: JSON stays as it is. */
export function createRenderer(format: LogFormat, terminal: Terminal): RenderLine | null {
  switch (format) {
    case 'json':
      return null
    case 'logfmt':
      return (json) => `${formatPairs(JSON.parse(json) as Fields)}\n`
    case 'pretty':
      return (json) =>
        formatPretty(JSON.parse(json) as Fields, terminal === 'coloured' ? paint : plain)
  }
}

/** Fields as `name=value`, those of objects by both names. */
function formatPairs(fields: Fields, prefix = ''): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => formatPair(`${prefix}${name}`, value))
    .filter((pair) => pair !== '')
    .join(' ')
}

function formatPair(name: string, value: unknown): string {
  if (Array.isArray(value)) return `${name}=${quote(value.map(String).join(', '))}`
  if (typeof value === 'object') return formatPairs(value as Fields, `${name}.`)
  return `${name}=${quote(String(value))}`
}

/** What needs no quotes: printable ASCII without a space, a quote, a backslash and an equals sign. */
const BARE = /^[!#-<>-[\]-~]+$/

/** Whatever a terminal or a reader of lines takes for more than a character: controls, line ends, marks of direction. */
const ACTIVE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

function quote(text: string): string {
  return BARE.test(text) ? text : JSON.stringify(text).replace(ACTIVE, escapeUnit)
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

type Paint = (code: number, text: string) => string

/** Colours of a terminal (ECMA-48 SGR). */
const paint: Paint = (code, text) => `\x1b[${code}m${text}\x1b[0m`
const plain: Paint = (_, text) => text

const FAINT = 2
const COLOURS: Readonly<Record<string, number>> = { fatal: 31, error: 31, warn: 33, info: 32 }

/** Time of day, level, message, then the other fields. */
function formatPretty(fields: Fields, painted: Paint): string {
  const { time, level, msg, pid: _, ...rest } = fields
  const label = String(level)
  const words = [
    painted(FAINT, timeOfDay(String(time))),
    painted(COLOURS[label] ?? FAINT, label.toUpperCase().padEnd(5)),
    ...(msg === 'request' ? requestWords(rest) : [asText(msg), formatPairs(rest)]),
  ]
  return `${words.filter((word) => word !== '').join(' ')}\n`
}

/** An access line begins with what was asked and answered. */
function requestWords({ method, path, status, ...rest }: Fields): readonly string[] {
  return [...[method, path, status].map(asText), formatPairs(rest)]
}

/** Words as they are, unless something in them is more than a character. */
function asText(value: unknown): string {
  const text = String(value)
  return /^[ -~]*$/.test(text) ? text : quote(text)
}

function timeOfDay(time: string): string {
  const date = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
