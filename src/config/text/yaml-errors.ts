import type { YAMLError } from 'yaml'
import type { Finding } from '../diagnostics/finding.ts'
import { explainLine, lineAt, type SyntaxWords } from './line-faults.ts'

/** Says in plain words what the YAML parser found. */
export function toSyntaxFinding(text: string, error: YAMLError): Finding {
  const [start, end] = error.pos
  return {
    code: error.code === 'MULTIPLE_DOCS' ? 'several-documents' : 'yaml-syntax',
    severity: 'error',
    path: [],
    span: { start, end },
    ...explain(text, error),
  }
}

function explain(text: string, error: YAMLError): SyntaxWords {
  const found = text.slice(error.pos[0], error.pos[1])
  switch (error.code) {
    case 'MULTIPLE_DOCS':
      return {
        message: 'a second document begins here',
        hint: 'one file holds one configuration; remove the "---"',
      }
    case 'TAB_AS_INDENT':
      return { message: "a tab can't indent", hint: 'YAML indents by spaces' }
    case 'BAD_SCALAR_START':
      return {
        message: `a text can't start with ${found.slice(0, 1) || 'this'}`,
        hint: 'put it in quotes',
      }
    case 'TAG_RESOLVE_FAILED':
      return {
        message: error.message
          .replace(/^Unresolved tag: /, 'unknown tag ')
          .replace('tag:yaml.org,2002:', '!!'),
        hint: 'this format has no tags; a text that starts with ! needs quotes',
      }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return explainNested(text, error.pos[0])
    case 'MULTILINE_IMPLICIT_KEY':
      return explainLine(text, error.pos[0])
    case 'BAD_DQ_ESCAPE':
      return {
        message: `"${text.slice(error.pos[0], error.pos[0] + 2)}" is no escape that double quotes know`,
        hint: "in 'single quotes' a backslash stands for itself",
      }
    default:
      return explainMessage(text, error)
  }
}

/** A map inside of what should be one text: by a ": " in it, or by a line that stands too far right. */
function explainNested(text: string, offset: number): SyntaxWords {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const line = lineAt(text, offset)
  if (/^\s*-[^\s-]/.test(line)) return explainLine(text, offset)
  const use = /\buse:\s*([\w-]+):\s+(.+?)\s*$/.exec(line)
  if (use)
    return {
      message: '": " inside a text makes it a map',
      hint: `to put another credential there, write use: { header: ${use[1]}, value: ${use[2]} }`,
    }
  const next = start + line.length + 1
  const isPair = (line.match(/:(\s|$)/g) ?? []).length === 1
  if (isPair && indentOf(lineAt(text, next)) > indentOf(line)) {
    const at = next + indentOf(lineAt(text, next))
    return { ...MISPLACED, span: { start: at, end: next + lineAt(text, next).length } }
  }
  return { message: '": " inside a text makes it a map', hint: 'put the whole text in quotes' }
}

function indentOf(line: string): number {
  return line.search(/[^ ]|$/)
}

const MISPLACED: SyntaxWords = {
  message: 'this line stands further left or right than the lines it belongs to',
  hint: 'entries of one map or list begin in the same column',
}

function explainMessage(text: string, error: YAMLError): SyntaxWords {
  const { message } = error
  const closing = /(?:end with a |Expected flow \w+ to end with )([}\]])/.exec(message)?.[1]
  if (closing) return unclosed(text, error.pos[0], closing === '}' ? '{' : '[', closing)
  if (message.startsWith('Missing closing')) return unclosedQuote(text, error)
  if (message.startsWith('Implicit map keys need')) return explainLine(text, error.pos[0])
  if (message.includes('block-seq-ind on same line'))
    return {
      message: "a list can't begin on the line of its key",
      hint: 'put "- " on a line of its own',
    }
  if (
    message.startsWith('Sequence item without') ||
    message.startsWith('All mapping items') ||
    message.startsWith('All collection items') ||
    message.startsWith('All sequence items')
  )
    return MISPLACED
  if (/^Unexpected \S+ (?:at node end|token)/.test(message)) return unexpected(text, error)
  return { message: message.charAt(0).toLowerCase() + message.slice(1) }
}

/** Points at the bracket that is open where the parser stumbled. */
function unclosed(text: string, from: number, open: string, close: string): SyntaxWords {
  let depth = 1
  let at = from - 1
  for (; at >= 0; at--) {
    if (text[at] === close) depth++
    if (text[at] === open && --depth === 0) break
  }
  const hint = `add "${close}", or put a text that holds "${open}" in quotes`
  const message = `this "${open}" is never closed`
  return at < 0
    ? { message: `a "${close}" is missing`, hint }
    : { message, hint, span: { start: at, end: at + 1 } }
}

function unclosedQuote(text: string, error: YAMLError): SyntaxWords {
  const quote = error.message.includes('"') ? '"' : "'"
  const at = text.lastIndexOf(quote, error.pos[0] - 1)
  const message = `this ${quote} is never closed`
  return at < 0 ? { message } : { message, span: { start: at, end: at + 1 } }
}

/** What stands where a value has ended: after a closing quote, after braces that were meant as text, or too far left. */
function unexpected(text: string, error: YAMLError): SyntaxWords {
  const line = lineAt(text, error.pos[0])
  const lineStart = text.lastIndexOf('\n', error.pos[0] - 1) + 1
  const template = /(?<!["'\w])(\$?\{\{?[\w\s.-]*\}\}?)/.exec(line)
  if (template && /^\$|\{\{/.test(template[1] as string)) {
    const start = lineStart + template.index
    return {
      message: `the template ${template[1]} holds braces, which mean a map outside of quotes`,
      hint: `write "${template[1]}"`,
      span: { start, end: start + (template[1] as string).length },
    }
  }
  const lacks = /^(\s*(?:- )?)([A-Za-z][\w.-]*)\s*:?\s*[{[]/.exec(line)
  if (lacks && !/^\s*(?:- )?[A-Za-z][\w.-]*:\s/.test(line)) return lacksColon(lacks, lineStart)
  if (/["']\s*$/.test(text.slice(lineStart, error.pos[0])))
    return {
      message: 'nothing can follow the closing quote',
      hint: "put the whole text in quotes; '' stands for one ' inside",
    }
  const { message } = error
  const sign = text.charAt(error.pos[0])
  if (/[[{]/.test(sign) && error.pos[0] > lineStart + indentOf(line))
    return { message: `"${sign}" ends the text before it`, hint: 'put the whole text in quotes' }
  return error.pos[0] <= lineStart + indentOf(line)
    ? MISPLACED
    : { message: message.charAt(0).toLowerCase() + message.slice(1) }
}

/** Says that no `: ` stands between a key and the bracket that opens its value. */
export function lacksColon(
  [, before = '', key = '']: readonly string[],
  lineStart: number,
): SyntaxWords {
  const start = lineStart + before.length
  return {
    message: `": " is missing after "${key}"`,
    hint: 'a ":" and a space stand between a key and its value',
    span: { start, end: start + key.length },
  }
}
