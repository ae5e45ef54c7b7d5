import type { Span } from './position.ts'

/** What is wrong in the text, in plain words. */
export interface SyntaxWords {
  readonly message: string
  readonly hint?: string
  /** Where the cause stands, if not where the parser stumbled. */
  readonly span?: Span
}

/** Says what is wrong with a line that is no `key: value`, by the looks of it. */
export function explainLine(text: string, offset: number): SyntaxWords {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const line = lineAt(text, offset)
  for (const [looks, explain] of LOOKS) {
    const found = looks.exec(line)
    if (found) return explain(found, start)
  }
  const isEntry = /^\s*-\s/.test(line) && text.slice(start, offset).trim() === ''
  return isEntry ? LONE_ENTRY : NO_PAIR
}

/** The line around an offset, without its end. */
export function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return text.slice(start).split(/\r?\n/, 1)[0] as string
}

const NO_PAIR: SyntaxWords = {
  message: 'this line is no "key: value"',
  hint: 'is a ":" missing, or the indentation wrong?',
}

const LONE_ENTRY: SyntaxWords = {
  message: 'this begins an entry of a list, but the lines before it are none',
  hint: 'is a "- " missing before the first of them?',
}

type Explain = (found: RegExpExecArray, lineStart: number) => SyntaxWords

const LOOKS: readonly (readonly [RegExp, Explain])[] = [
  [
    /^(\s*)\/\//,
    (found, start) => ({
      message: '"//" begins no comment',
      hint: 'in YAML, # does',
      span: spanOf(found, start, 2),
    }),
  ],
  [
    /^(\s*)-[^\s-]/,
    (found, start) => ({
      message: 'a space is missing after "-"',
      hint: 'each entry of a list begins with "- "',
      span: spanOf(found, start, 1),
    }),
  ],
  [
    /^(\s*(?:- )?)([A-Za-z][\w.-]*):((?!\/\/)[^\s:].*)$/,
    (found, start) => ({
      message: 'a space is missing after ":"',
      hint: `write ${found[2]}: ${found[3]}`,
      span: spanOf(found, start, (found[2]?.length ?? 0) + 1),
    }),
  ],
  [
    /^(\s*(?:- )?)([A-Za-z][\w.-]*)(?:\s+[^\s:#].*)?$/,
    (found, start) => ({
      message: 'this line is no "key: value"',
      hint: `is a ":" missing after "${found[2]}"?`,
      span: spanOf(found, start, found[2]?.length ?? 1),
    }),
  ],
]

function spanOf([, before = '']: RegExpExecArray, lineStart: number, length: number): Span {
  const start = lineStart + before.length
  return { start, end: start + length }
}
