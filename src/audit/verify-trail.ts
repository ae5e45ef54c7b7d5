import { GENESIS, type Link, readAuditLine } from './audit-line.ts'

/** Why a trail is none from a line on. */
export type BreakKind = 'edited' | 'removed' | 'reordered' | 'repeated' | 'torn' | 'unrelated'

/** The first line that does not follow from those before it. */
export interface TrailBreak {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly kind: BreakKind
  /** In words. */
  readonly reason: string
}

/** What is known once all lines were seen. */
export interface TrailReport {
  readonly lines: number
  /** Number of the first line; null: there is none. */
  readonly first: number | null
  readonly last: Link | null
  readonly break: TrailBreak | null
}

/** Lines that were left out before one; whether they follow later is not known yet. */
interface Gap {
  readonly found: TrailBreak
  readonly expected: number
}

/** Looks at the lines of a trail in order, through all of its files. */
export class TrailVerifier {
  /** Where the trail stands; a hash alone where the line before is in no file. */
  private at: Link
  /** Whether a line had the hash that is sought. */
  hasFound = false
  private readonly from: string | null
  private readonly sought: string | null
  private lines = 0
  private first: number | null = null
  private gap: Gap | null = null
  private broken: TrailBreak | null = null
  private file = ''
  private line = 0

  /** `from` is the hash of the line before the first; null: the trail begins here. `sought` is a hash to look for. */
  constructor(from: string | null, sought: string | null = null) {
    this.from = from
    this.sought = sought
    this.at = from === null ? GENESIS : { number: -1, hash: from }
  }

  beginFile(file: string): void {
    this.file = file
    this.line = 0
  }

  /** Takes a line, without its line feed. */
  take(bytes: Buffer): void {
    this.line += 1
    if (this.broken !== null) return
    if (this.gap === null) this.broken = this.judge(bytes)
    else this.lookForMissing(bytes, this.gap)
  }

  /** Takes a last line that has no line feed. */
  takeTorn(bytes: Buffer): void {
    this.line += 1
    if (this.broken !== null) return
    if (this.gap === null) this.broken = this.breaks('torn', 'the line is broken off')
    else this.lookForMissing(bytes, this.gap)
  }

  finish(): TrailReport {
    const { lines, first, at } = this
    const last = lines === 0 ? null : at
    return { lines, first, last, break: this.broken ?? this.gap?.found ?? null }
  }

  private judge(bytes: Buffer): TrailBreak | null {
    const line = readAuditLine(bytes)
    if (line === null) return this.breaks('edited', 'this is no line of an audit trail')
    if (!line.isIntact) return this.breaks('edited', 'its hash is not that of its text')
    const expected = this.at.number === -1 ? line.number : this.at.number + 1
    if (line.number !== expected) return this.misplaced(line.number, expected)
    if (line.previous !== this.at.hash) return this.unlinked()
    this.lines += 1
    this.first ??= line.number
    this.at = { number: line.number, hash: line.hash }
    this.hasFound ||= line.hash === this.sought
    return null
  }

  private misplaced(number: number, expected: number): TrailBreak | null {
    if (number === expected - 1)
      return this.breaks('repeated', `number ${number} stands here once more`)
    if (number < expected)
      return this.breaks('reordered', `number ${number} stands where ${expected} belongs`)
    const missing = number === expected + 1 ? `${expected}` : `${expected} to ${number - 1}`
    const found = this.breaks('removed', `before it is missing number ${missing}`)
    this.gap = { found, expected }
    return null
  }

  /** Lines that are missing where they belong may stand further down. */
  private lookForMissing(bytes: Buffer, { found, expected }: Gap): void {
    if (readAuditLine(bytes)?.number !== expected) return
    const reason = `number ${expected}, which belongs here, stands further down`
    this.broken = { ...found, kind: 'reordered', reason }
  }

  private unlinked(): TrailBreak {
    if (this.lines > 0)
      return this.breaks(
        'edited',
        'it does not follow from the line before, which was written anew',
      )
    const what = this.from === null ? 'from nothing' : 'from the hash that was given'
    return this.breaks('unrelated', `it does not follow ${what}`)
  }

  private breaks(kind: BreakKind, reason: string): TrailBreak {
    return { file: this.file, line: this.line, kind, reason }
  }
}
