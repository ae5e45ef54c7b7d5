import { decodings, type KindScanner } from '../../config/naming/kind-scanner.ts'
import { replaceUserInfo } from '../../config/naming/user-info.ts'
import type { NormalKind } from '../../config/shapes/normal-config.ts'
import { WrittenValue } from './hide-value.ts'

/** What stands in a credential's place. */
export type Label = (kind: NormalKind, value: string) => string

/** A text without the user and password of the URLs in it. */
function dropUserInfo(text: string): string {
  return replaceUserInfo(text, () => '')
}

/**
 * The one rule of every output: a run of token characters that begins as a known kind does is shown
 * as its kind, percent-encoded or not; the user and the password of a URL are dropped.
 */
export function hideNamed(text: string, scanner: KindScanner, label: Label): string {
  const shown = hidePieces(dropUserInfo(text), scanner, label)
  if (!shown.includes('%')) return shown
  return shown.replaceAll(/[^\s"'<>]*%[^\s"'<>]*/g, (word) => {
    for (const decoded of decodings(word)) {
      const hidden = hidePieces(decoded, scanner, label)
      if (hidden !== decoded) return hidden
    }
    return word
  })
}

function hidePieces(text: string, scanner: KindScanner, label: Label): string {
  let piece = scanner.next(text, 0, 'shown')
  if (piece === null) return text
  let shown = ''
  let at = 0
  while (piece !== null) {
    const { kind, start, end } = piece
    shown += text.slice(at, start) + label(kind, text.slice(start, end))
    at = end
    piece = scanner.next(text, at, 'shown')
  }
  return shown + text.slice(at)
}

/** A path as it may be logged: its segments without credentials, by their kinds or by their values. */
export function hideInPath(path: string, scanner: KindScanner, values: readonly string[]): string {
  const shown = hideValues(dropUserInfo(path), values)
  // Most paths hold nothing, and are told on each request.
  if (!shown.includes('%') && !scanner.mayHold(shown)) return shown
  return shown
    .split('/')
    .map((segment) => hideNamed(segment, scanner, ({ name }) => `<${name}>`))
    .join('/')
}

function hideValues(path: string, values: readonly string[]): string {
  let shown = path
  for (const value of values) {
    if (value !== '' && value.length <= shown.length)
      shown = new WrittenValue(value).replaceIn(shown, '<credential>')
  }
  return shown
}
