import type { YAMLError } from 'yaml'
import type { Finding } from '../diagnostics/finding.ts'
import type { Span } from './position.ts'

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

interface Words {
  readonly message: string
  readonly hint?: string
  /** Where the cause stands, if not where the parser stumbled. */
  readonly span?: Span
}

function explain(text: string, error: YAMLError): Words {
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
        message: error.message.replace(/^Unresolved tag: /, 'unknown tag '),
        hint: 'this format has no tags; a text that starts with ! needs quotes',
      }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: '": " inside a text makes it a map',
        hint: 'put the whole text in quotes',
      }
    case 'MULTILINE_IMPLICIT_KEY':
      return NO_PAIR
    case 'BAD_DQ_ESCAPE':
      return {
        message: `"${found}" is no escape that double quotes know`,
        hint: "in 'single quotes' a backslash stands for itself",
      }
    default:
      return explainMessage(text, error)
  }
}

const NO_PAIR: Words = {
  message: 'this line is no "key: value"',
  hint: 'is a ":" missing, or the indentation wrong?',
}

function explainMessage(text: string, error: YAMLError): Words {
  const { message } = error
  const closing = /(?:end with a |Expected flow \w+ to end with )([}\]])/.exec(message)?.[1]
  if (closing) return unclosed(text, error.pos[0], closing === '}' ? '{' : '[', closing)
  if (message.startsWith('Missing closing')) return unclosedQuote(text, error)
  if (message.startsWith('Implicit map keys need')) return NO_PAIR
  if (message.includes('block-seq-ind on same line'))
    return {
      message: "a list can't begin on the line of its key",
      hint: 'put "- " on a line of its own',
    }
  if (
    message.startsWith('Sequence item without') ||
    message.startsWith('All mapping items') ||
    message.startsWith('All collection items')
  )
    return {
      message: 'this line stands further left or right than the lines it belongs to',
      hint: 'entries of one map or list begin in the same column',
    }
  if (message.startsWith('Unexpected scalar at node end'))
    return {
      message: 'nothing can follow the closing quote',
      hint: "put the whole text in quotes; '' stands for one ' inside",
    }
  return { message: message.charAt(0).toLowerCase() + message.slice(1) }
}

/** Points at the bracket that is open where the parser stumbled. */
function unclosed(text: string, from: number, open: string, close: string): Words {
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

function unclosedQuote(text: string, error: YAMLError): Words {
  const quote = error.message.includes('"') ? '"' : "'"
  const at = text.lastIndexOf(quote, error.pos[0] - 1)
  const message = `this ${quote} is never closed`
  return at < 0 ? { message } : { message, span: { start: at, end: at + 1 } }
}
