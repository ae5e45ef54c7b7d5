import { expect, test } from 'vitest'
import { code, plain } from '../../../src/commands/reports/markdown.ts'

const TEXTS: readonly {
  readonly text: string
  readonly plain: string
  readonly code: string
}[] = [
  { text: 'route "a"', plain: 'route "a"', code: '`route "a"`' },
  { text: 'a|b', plain: 'a\\|b', code: '`a\\|b`' },
  { text: 'a\\b', plain: 'a\\\\b', code: '`a\\b`' },
  { text: 'a\\|b', plain: 'a\\\\\\|b', code: '<code>a&#92;&#124;b</code>' },
  { text: 'a`b', plain: 'a\\`b', code: '<code>a&#96;b</code>' },
  { text: '`` $😀', plain: '\\`\\` $😀', code: '<code>&#96;&#96; &#36;&#128512;</code>' },
  { text: 'a\nb\r\nc\rd', plain: 'a b c d', code: '`a b c d`' },
  {
    text: 'from "/x/*" to "/y/*"',
    plain: 'from "/x/\\*" to "/y/\\*"',
    code: '`from "/x/*" to "/y/*"`',
  },
  { text: '[x](y) <b> &amp;', plain: '\\[x\\](y) \\<b\\> \\&amp;', code: '`[x](y) <b> &amp;`' },
  { text: '# ~~__a', plain: '\\# \\~\\~\\_\\_a', code: '`# ~~__a`' },
]

test.each(TEXTS)('$text is shown as it is', ({ text, ...shown }) => {
  expect({ plain: plain(text), code: code(text) }).toEqual(shown)
})
