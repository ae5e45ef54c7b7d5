import { fstatSync, ftruncateSync, readSync } from 'node:fs'
import { type AuditLine, GENESIS, type Link, readAuditLine } from './audit-line.ts'

/** The file is something else than a trail, or its end is; nothing was changed. */
export class TrailError extends Error {
  override readonly name = 'TrailError'
  readonly code = 'NOT_A_TRAIL'
}

/** How a file ends. */
export interface TrailEnd {
  readonly link: Link
  /** Text of a line that was broken off and has been taken away; null: none was. */
  readonly torn: string | null
  /** Whether the last line was changed after it was written. */
  readonly isEdited: boolean
}

/** A line is far shorter. */
const TAIL_BYTES = 64 * 1024
const LINE_FEED = 0x0a

/**
 * Reads how an opened file ends, and takes a line away that was broken off; throws TrailError where
 * that would take what was never a line of a trail.
 */
export function mendEnd(fd: number): TrailEnd {
  const { size } = fstatSync(fd)
  const tail = readTail(fd, size)
  const end = tail.lastIndexOf(LINE_FEED) + 1
  const last = lastLine(tail.subarray(0, end), size - tail.length)
  const torn = end === tail.length ? null : tail.subarray(end).toString()
  if (torn !== null) {
    if (!looksLikeLine(torn) || (end === 0 && size > tail.length)) throw new TrailError()
    ftruncateSync(fd, size - (tail.length - end))
  }
  return { link: last ?? GENESIS, torn, isEdited: last?.isIntact === false }
}

/** The last whole line; null: there is none. */
function lastLine(tail: Buffer, before: number): AuditLine | null {
  if (tail.length === 0) return null
  const start = tail.lastIndexOf(LINE_FEED, tail.length - 2) + 1
  const line =
    start === 0 && before > 0 ? null : readAuditLine(tail.subarray(start, tail.length - 1))
  if (line === null) throw new TrailError()
  return line
}

const LINE_START = '{"n":'

/** A file system that lost power may leave zeros where the rest of a line was to stand. */
function looksLikeLine(torn: string): boolean {
  const text = torn.replace(/\0+$/, '')
  return text.startsWith(LINE_START) || LINE_START.startsWith(text)
}

function readTail(fd: number, size: number): Buffer {
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES))
  let filled = 0
  while (filled < tail.length) {
    const read = readSync(fd, tail, filled, tail.length - filled, size - tail.length + filled)
    if (read === 0) break
    filled += read
  }
  return tail.subarray(0, filled)
}
