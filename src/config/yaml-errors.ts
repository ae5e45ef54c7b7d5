import type { YAMLError } from 'yaml'
import type { Finding } from './finding.ts'

/** Says in plain words what the YAML parser found. */
export function toSyntaxFinding(text: string, error: YAMLError): Finding {
  const [start, end] = error.pos
  const words = explain(text, error)
  return {
    code: error.code === 'MULTIPLE_DOCS' ? 'several-documents' : 'yaml-syntax',
    severity: 'error',
    path: [],
    span: { start, end },
    ...words,
  }
}

interface Words {
  readonly message: string
  readonly hint?: string
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
    case 'BAD_ALIAS':
      return {
        message: `no anchor "&${found.replace(/^\*/, '')}" stands before this alias`,
        hint: 'a text that starts with * needs quotes',
      }
    case 'BAD_SCALAR_START':
      return {
        message: `a text can't start with ${found.slice(0, 1) || 'this'}`,
        hint: 'put it in quotes',
      }
    case 'TAG_RESOLVE_FAILED':
      return {
        message: error.message.replace(/^Unresolved tag: /, 'unknown tag '),
        hint: 'tags are not part of this format; a text that starts with ! needs quotes',
      }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: '": " inside a text makes it a map',
        hint: 'put the whole text in quotes',
      }
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        message: 'this line is no "key: value"',
        hint: 'is a ":" missing, or the indentation wrong?',
      }
    case 'BAD_DQ_ESCAPE':
      return {
        message: `"${found}" is no escape that double quotes know`,
        hint: "in 'single quotes' a backslash stands for itself",
      }
    default:
      return { message: lowerFirst(error.message) }
  }
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1)
}
