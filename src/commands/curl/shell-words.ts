import { UsageError } from '../command.ts'

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }

/** Splits a command as a shell does: quotes, backslashes, and lines that end in one. */
export function splitShell(text: string): readonly string[] {
  const words: string[] = []
  const pattern =
    /\\\r?\n|\s+|'([^']*)'|\$'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\])/gsy
  let word: string | null = null
  let at = 0
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    at = pattern.lastIndex
    const [whole, single, ansi, double, escaped, plain] = found
    const isContinued = whole.startsWith('\\') && escaped === undefined
    if (isContinued) continue
    if (/^\s/.test(whole)) {
      if (word !== null) words.push(word)
      word = null
      continue
    }
    word = `${word ?? ''}${single ?? withEscapes(ansi) ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain}`
  }
  if (at < text.length) throw new UsageError('a quote of the curl command is never closed')
  return word === null ? words : [...words, word]
}

function withEscapes(text: string | undefined): string | undefined {
  return text?.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter)
}
