import { createKindScanner, type KindScanner, type NamedPiece } from '../naming/kind-scanner.ts'
import { replaceUserInfo } from '../naming/user-info.ts'
import type { NormalKind } from '../shapes/normal-config.ts'

/** Takes credentials out of a text; what stays has the same length, so that carets still fit. */
export type Mask = (text: string) => string

/** What may be a credential that no kind is known for. */
const RUN = /[A-Za-z0-9_\-.~+=]{32,}/g

/** Creates the mask that knows the kinds' prefixes; these stay. */
export function createMask(kinds: readonly NormalKind[]): Mask {
  const scanner = createKindScanner(kinds)
  return (text) => maskNamed(replaceUserInfo(text, maskUserInfo), scanner).replace(RUN, maskUnnamed)
}

function maskUserInfo(userInfo: string): string {
  return `${stars(userInfo.length - 1)}@`
}

function maskNamed(text: string, scanner: KindScanner): string {
  let shown = ''
  let at = 0
  for (
    let piece = scanner.next(text, 0, 'shown');
    piece !== null;
    piece = scanner.next(text, at, 'shown')
  ) {
    const begin = piece.start + prefixLength(text, piece)
    shown += text.slice(at, begin) + stars(piece.end - begin)
    at = piece.end
  }
  return shown + text.slice(at)
}

/** What stays of a piece: the longest prefix of its kind that it begins with, none where it is encoded. */
function prefixLength(text: string, { kind, start }: NamedPiece): number {
  const begun = (kind.prefixes ?? []).filter((prefix) => text.startsWith(prefix, start))
  return Math.max(0, ...begun.map(({ length }) => length))
}

/** Stars in place of a part of a run, between the characters that also join words, that is no word. */
function maskUnnamed(run: string): string {
  const starts = [0, ...[...run.matchAll(/[.~+=]/g)].map((match) => match.index + 1)]
  const start = starts.find((at) => isUnlikelyWord(run.slice(at)))
  return start === undefined ? run : run.slice(0, start) + stars(run.length - start)
}

function isUnlikelyWord(text: string): boolean {
  return /^[A-Za-z0-9_-]{32,}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text)
}

function stars(count: number): string {
  return '*'.repeat(count)
}

/** Creates the test of whether a text as a whole is a credential, by the kinds' prefixes. */
export function createCredentialTest(kinds: readonly NormalKind[]): (text: string) => boolean {
  const scanner = createKindScanner(kinds)
  return (text) => {
    const value = text.replace(/^(bearer|token|basic|key|apikey)\s+/i, '')
    if (!/^[A-Za-z0-9_\-.~+/=]{12,}$/.test(value)) return false
    return scanner.next(value, 0, 'written')?.start === 0
  }
}
