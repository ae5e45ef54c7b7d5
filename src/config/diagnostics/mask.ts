import { createKindScanner, type KindScanner, type NamedPiece } from '../naming/kind-scanner.ts'
import { replaceUserInfo } from '../naming/user-info.ts'
import type { NormalKind } from '../shapes/normal-config.ts'

/** Takes credentials out of a text; what stays has the same length, so that carets still fit. */
export type Mask = (text: string) => string

/** What may be a credential that no kind is known for. */
const RUN = /[A-Za-z0-9_\-.~+=]{32,}/g

/** The same in base64 that slashes break, as AWS makes it; a path begins with one, or has other signs. */
const SLASHED = /(?<![\w+/.~-])[A-Za-z0-9+][A-Za-z0-9+/]{39,}={0,2}(?![\w+/.~-])/g

/** Creates the mask that knows the kinds' prefixes; these stay. */
export function createMask(kinds: readonly NormalKind[]): Mask {
  const scanner = createKindScanner(kinds)
  return (text) =>
    maskNamed(replaceUserInfo(text, maskUserInfo), scanner)
      .replace(RUN, maskUnnamed)
      .replace(SLASHED, maskSlashed)
}

function maskUserInfo(userInfo: string): string {
  return `${stars(userInfo.length - 1)}@`
}

/** A character as it is written: percent-encoded, once or more often, or as it stands. */
const UNIT = /%(?:25)*[0-9a-f]{2}|[\s\S]/gi

/** Stars over what is of a known kind, as it stands or percent-encoded. */
function maskNamed(text: string, scanner: KindScanner): string {
  const shown = cover(text.split(''), text, scanner)
  if (!shown.includes('%')) return shown
  const units = shown.match(UNIT) ?? []
  return cover(units, units.map(decodeUnit).join(''), scanner)
}

function decodeUnit(unit: string): string {
  return unit.length === 1 ? unit : String.fromCharCode(Number.parseInt(unit.slice(-2), 16))
}

/** The units that a text is written by, with stars over those of credentials. */
function cover(units: readonly string[], text: string, scanner: KindScanner): string {
  let shown = ''
  let at = 0
  for (
    let piece = scanner.next(text, 0, 'shown');
    piece !== null;
    piece = scanner.next(text, at, 'shown')
  ) {
    const begin = piece.start + prefixLength(text, piece)
    const hidden = units.slice(begin, piece.end).join('')
    shown += units.slice(at, begin).join('') + stars(hidden.length)
    at = piece.end
  }
  return shown + units.slice(at).join('')
}

/** What stays of a piece: the longest prefix of its kind that it begins with, none where it is encoded in base64. */
function prefixLength(text: string, { kind, start }: NamedPiece): number {
  const begun = (kind.prefixes ?? []).filter((prefix) => text.startsWith(prefix, start))
  return Math.max(0, ...begun.map(({ length }) => length))
}

/** What joins words to a run; `=` at its end fills base64 up. */
const JOINT = /[.~]|=+(?=[^=])/g

/** Stars over a run that ends in what is no word, from the first part on that is none. */
function maskUnnamed(run: string): string {
  const starts = [0, ...[...run.matchAll(JOINT)].map((joint) => joint.index + joint[0].length)]
  const parts = starts.map((start, index) => run.slice(start, starts[index + 1]))
  if (!isUnlikelyWord(parts.at(-1) ?? '')) return run
  const start = starts[parts.findIndex(isUnlikelyWord)] ?? 0
  return run.slice(0, start) + stars(run.length - start)
}

function maskSlashed(run: string): string {
  const isMixed = /\d/.test(run) && /[A-Z]/.test(run) && /[a-z]/.test(run)
  return isMixed ? stars(run.length) : run
}

function isUnlikelyWord(part: string): boolean {
  return /^[A-Za-z0-9_+-]{32,}[.~=]*$/.test(part) && /\d/.test(part) && /[A-Za-z]/.test(part)
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
