import type { Finding } from '../diagnostics/finding.ts'

/** A text that YAML can read, and what had to be changed for that. */
export interface Cleaned {
  /** null: it is no text in UTF-8. */
  readonly text: string | null
  readonly findings: readonly Finding[]
}

/** Spaces that look like one, and that YAML takes for letters: before a key or a value, or behind a key. */
const LIKE_SPACES = /^[ \t]*(?:- )?(?:[\w.-]+:)?([\u00A0\u2000-\u200B\u202F\u3000]+)/gm

/** A value in quotes that a word processor made, in a line that has no others; in prose they may be meant. */
const LIKE_QUOTES =
  /^([^#"'\n]*?(?:[:,-] |[[{] ?))(?<!(?:message|description|name): )([“„][^“„”\n]*[”“])(?=[ \t]*(?:[,\]}]|$| #))/gm

/** What stands for bytes that are no UTF-8, once they are read as it. */
const LOST = '\uFFFD'

/** A line, up to what stands for such bytes, that is a comment by then: nobody reads what is lost of it. */
const COMMENT = /^(?:[^"'\n]*[ \t])?#[^\n]*$/

/** Finds what editors and web pages leave in a text: another encoding, and spaces and quotes that are none. */
export function cleanText(text: string): Cleaned {
  const nul = text.indexOf('\0')
  if (nul >= 0) return { text: null, findings: [notUtf8(text)] }
  const lost = findLost(text)
  if (lost >= 0) return { text: null, findings: [lostCharacter(lost)] }
  const [space] = text.matchAll(LIKE_SPACES)
  const [quoted] = text.matchAll(LIKE_QUOTES)
  if (!space && !quoted) return { text, findings: [] }
  const clean = text
    .replace(LIKE_SPACES, (line, odd: string) => line.replace(odd, ' '.repeat(odd.length)))
    .replace(LIKE_QUOTES, (_line, before: string, odd: string) => `${before}"${odd.slice(1, -1)}"`)
  return {
    text: clean,
    findings: [...(space ? [oddSpace(space)] : []), ...(quoted ? [oddQuotes(quoted)] : [])],
  }
}

function findLost(text: string): number {
  for (let at = text.indexOf(LOST); at >= 0; at = text.indexOf(LOST, at + 1))
    if (!COMMENT.test(text.slice(text.lastIndexOf('\n', at) + 1, at))) return at
  return -1
}

function notUtf8(text: string): Finding {
  const isUtf16 = /^\uFFFD*.\0.\0|^\uFFFD*\0.\0./su.test(text)
  return {
    code: 'not-utf8',
    severity: 'error',
    path: [],
    span: { start: 0, end: 0 },
    message: isUtf16 ? 'the file is written in UTF-16' : 'the file holds NUL, which no text does',
    hint: 'save it as UTF-8',
  }
}

function lostCharacter(start: number): Finding {
  return {
    code: 'not-utf8',
    severity: 'error',
    path: [],
    span: { start, end: start + 1 },
    message: 'here are bytes that are no UTF-8, or what an editor made of such (U+FFFD)',
    hint: 'save the file as UTF-8; it may be in Latin-1 or Windows-1252',
  }
}

function oddSpace(found: RegExpExecArray): Finding {
  const [line, odd = ''] = found
  const start = found.index + line.length - odd.length
  const point = (odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return {
    code: 'yaml-syntax',
    severity: 'error',
    path: [],
    span: { start, end: start + odd.length },
    message: `this is no plain space but U+${point}, a letter to YAML`,
    hint: 'replace it, and others like it, by spaces; they come with text that is copied from a page',
  }
}

function oddQuotes(found: RegExpExecArray): Finding {
  const [, before = '', odd = ''] = found
  const start = found.index + before.length
  return {
    code: 'yaml-syntax',
    severity: 'error',
    path: [],
    span: { start, end: start + odd.length },
    message: `${odd} stands in typographic quotes, which are letters to YAML`,
    hint: `write "${odd.slice(1, -1)}"; a text that is to have them stands in plain quotes`,
  }
}
