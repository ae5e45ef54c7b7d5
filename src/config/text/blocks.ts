import { configSchema } from '../schema/validate-config.generated.ts'
import type { Path } from './document.ts'
import type { Span } from './position.ts'

/** The lines of one entry of a section, or of a whole section, by indentation alone. */
export interface Block extends Span {
  /** Where it stands in the document; null where not even the section's name can be read. */
  readonly path: Path | null
  /** What stays of it when the rest is blanked out, with the offset where that begins. */
  readonly stub: { readonly at: number; readonly text: string }
}

interface Line extends Span {
  readonly text: string
  readonly indent: number
}

/** The sections of the file, which are known where they stand one column too far right. */
const SECTION_NAMES = Object.keys(configSchema.properties as object)

const SECTION = new RegExp(
  `^(?:([A-Za-z][\\w-]*)| (${SECTION_NAMES.join('|')}))\\s*(?::(?:\\s|$)|$)`,
)

/** The entry or section around an offset, however broken its inside is. */
export function blockAround(text: string, offset: number): Block {
  const lines = splitLines(text).filter(({ text: line }) => /^\s*[^\s#]/.test(line))
  const at = lines.findLastIndex((line) => line.start <= offset)
  const head = lines.findLastIndex((line, index) => index <= at && SECTION.test(line.text))
  const next = lines.findIndex((line, index) => index > head && SECTION.test(line.text))
  const inside = lines.slice(head + 1, next < 0 ? undefined : next)
  const end = next < 0 ? text.length : (lines[next] as Line).start
  const named = SECTION.exec(lines[head]?.text ?? '')
  const section = named?.[1] ?? named?.[2] ?? null
  if (section === null || at <= head || inside.length === 0) {
    const path = section === null ? null : [section]
    return { start: lines[Math.max(0, head)]?.start ?? 0, end, path, stub: NOTHING }
  }
  return entryAround({ section, inside, end }, (lines[at] as Line).start)
}

const NOTHING = { at: 0, text: '' }

interface Section {
  readonly section: string
  readonly inside: readonly Line[]
  readonly end: number
}

function entryAround({ section, inside, end }: Section, lineStart: number): Block {
  const isList = inside.some(({ text }) => /^\s*- /.test(text))
  const indent = indentOf(isList ? inside.filter(({ text }) => /^\s*- /.test(text)) : inside)
  const starts = inside.filter(
    (line) => line.indent === indent && (!isList || /^\s*-(\s|$)/.test(line.text)),
  )
  const index = Math.max(
    0,
    starts.findLastIndex(({ start }) => start <= lineStart),
  )
  const first = starts[index] ?? (inside[0] as Line)
  const start = index === 0 ? Math.min(first.start, (inside[0] as Line).start) : first.start
  const key = /^\s*([\w.-]+):/.exec(first.text)?.[1]
  const stub = isList ? '-' : key === undefined ? '' : `${key}:`
  return {
    start,
    end: starts[index + 1]?.start ?? end,
    path: [section, isList ? index : (key ?? '')],
    stub: { at: first.start + (first.indent || 0), text: stub },
  }
}

/** The column that most of these lines begin in: that of the first one, unless others say better. */
function indentOf(heads: readonly Line[]): number {
  const smallest = Math.min(
    ...heads.flatMap(({ indent }) => (Number.isNaN(indent) ? [] : [indent])),
  )
  const [first] = heads
  const isOdd = heads.filter(({ indent }) => indent === smallest).length === 1
  return isOdd && first ? first.indent : smallest
}

function splitLines(text: string): Line[] {
  const lines: Line[] = []
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline + 1
    const line = text.slice(start, end)
    lines.push({ start, end, text: line, indent: indentation(line) })
    start = end
  }
  return lines
}

/** The column in which a line begins; NaN, which no other line has, where a tab stands before that. */
function indentation(line: string): number {
  const [space = ''] = /^[ \t]*/.exec(line) ?? []
  return space.includes('\t') ? Number.NaN : space.length
}

/** The text with a block blanked out but for its stub; every offset stays. */
export function blankOut(text: string, { start, end, stub }: Block): string {
  const blank = text.slice(start, end).replace(/[^\n]/g, ' ')
  const kept =
    stub.text === ''
      ? blank
      : blank.slice(0, stub.at - start) +
        stub.text +
        blank.slice(stub.at - start + stub.text.length)
  return text.slice(0, start) + kept + text.slice(end)
}
