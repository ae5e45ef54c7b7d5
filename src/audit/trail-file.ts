import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { type AuditFields, type Link, writeAuditLine } from './audit-line.ts'
import { mendEnd, TrailError } from './trail-end.ts'

/** Something about the file that whoever runs it should know. */
export type TrailNotice =
  | { readonly type: 'opened' | 'moved'; readonly link: Link }
  | { readonly type: 'mended'; readonly bytes: number }
  /** Another process or a person wrote to it, or cut it. */
  | { readonly type: 'disturbed' }
  /** Its last line was changed after it was written. */
  | { readonly type: 'edited' }

interface Opened {
  readonly fd: number
  readonly inode: number
  readonly device: number
  /** Bytes that it has while nobody else writes to it. */
  size: number
  /** Whether a write that failed has left something behind them. */
  hasRest: boolean
}

const FLAGS =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NONBLOCK |
  constants.O_NOCTTY

/** So much is kept of a line that was broken off. */
const TORN_SHOWN = 2_000

/** Whoever runs Keyway may read it, and nobody else. */
const MODE = 0o600

/** A file that lines are chained in. It is opened anew where it was moved away, and the chain goes on. */
export class TrailFile {
  private readonly path: string
  private readonly onNotice: (notice: TrailNotice) => void
  private opened: Opened | null = null
  /** null: nothing was read or written yet. */
  private last: Link | null = null

  constructor(path: string, onNotice: (notice: TrailNotice) => void) {
    this.path = path
    this.onNotice = onNotice
  }

  /** Opens it; throws where it can't be written, or is no trail. */
  open(): Link {
    this.openFresh()
    return this.last as Link
  }

  /** Writes lines, all or none; throws where they can't be written. */
  append(lines: readonly AuditFields[]): void {
    const opened = this.openFresh()
    let link = this.last as Link
    let text = ''
    for (const fields of lines) {
      const line = writeAuditLine(fields, link)
      text += line.text
      link = line.link
    }
    write(opened, Buffer.from(text))
    this.last = link
  }

  /** Gives where the trail stands; null: nothing was read or written. */
  close(): Link | null {
    if (this.opened !== null) closeSync(this.opened.fd)
    this.opened = null
    return this.last
  }

  private openFresh(): Opened {
    const { opened } = this
    if (opened === null) return this.openFile()
    const now = statSync(this.path, { throwIfNoEntry: false })
    if (now === undefined || !isSame(opened, now)) {
      this.close()
      return this.openFile()
    }
    if (opened.hasRest) removeRest(opened)
    else if (now.size !== opened.size) this.settle(opened, now.size)
    return opened
  }

  private openFile(): Opened {
    const fd = openSync(this.path, FLAGS, MODE)
    try {
      const stats = fstatSync(fd)
      if (!stats.isFile()) throw new TrailError()
      const opened = { fd, inode: stats.ino, device: stats.dev, size: stats.size, hasRest: false }
      this.opened = opened
      if (this.last === null) this.begin(opened)
      else this.goOn(opened)
      return opened
    } catch (error) {
      this.opened = null
      closeSync(fd)
      throw error
    }
  }

  private begin(opened: Opened): void {
    const { link, torn, isEdited } = mendEnd(opened.fd)
    opened.size = fstatSync(opened.fd).size
    this.last = link
    if (isEdited) this.onNotice({ type: 'edited' })
    if (torn !== null) this.tellTorn(opened, torn)
    this.onNotice({ type: 'opened', link: this.last })
  }

  /** A line of its own says what was broken off. */
  private tellTorn(opened: Opened, torn: string): void {
    const time = new Date().toISOString()
    const { text, link } = writeAuditLine(
      { time, outcome: 'mended', torn: torn.slice(0, TORN_SHOWN) },
      this.last as Link,
    )
    write(opened, Buffer.from(text))
    this.last = link
    this.onNotice({ type: 'mended', bytes: Buffer.byteLength(torn) })
  }

  private goOn(opened: Opened): void {
    this.onNotice({ type: 'moved', link: this.last as Link })
    if (opened.size > 0) this.onNotice({ type: 'disturbed' })
  }

  /** What somebody else did stays as it is, and the chain shows it. */
  private settle(opened: Opened, size: number): void {
    opened.size = size
    this.onNotice({ type: 'disturbed' })
  }
}

function isSame(opened: Opened, { ino, dev }: Stats): boolean {
  return opened.inode === ino && opened.device === dev
}

function removeRest(opened: Opened): void {
  ftruncateSync(opened.fd, opened.size)
  opened.hasRest = false
}

/** Writes all bytes; where that fails, what was written is taken away before the next are. */
function write(opened: Opened, bytes: Buffer): void {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(opened.fd, bytes, written)
  } catch (error) {
    opened.hasRest = written > 0
    throw error
  }
  opened.size += bytes.length
}
