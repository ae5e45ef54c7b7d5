import { type Stats, statSync } from 'node:fs'
import { type FileProblem, fileErrorOf } from '../../files/file-error.ts'
import { readWhole } from '../../files/read-file.ts'

export type FileContent =
  | { readonly text: string; readonly problem: null }
  | { readonly text: null; readonly problem: FileProblem }

/** A small text file that is read anew whenever it has changed. */
export interface FreshFile<T> {
  /** What `parse` made of the file as it is now; one `stat` where nothing changed. */
  readonly read: () => T
}

const LIMIT_BYTES = 64 * 1024
const ATTEMPTS = 3

/** A file that a writer has emptied, or is writing, may be filled so long: `sha256sum > FILE` empties it first. */
const FILL_MS = 1000

/** A file changed so shortly before it was read may change again without its times showing it. */
const RACY_MS = 2000

/**
 * Watches a file by `stat` on each read: inode, times and size, which a rotation in place, an
 * editor's rename and a swap of Kubernetes' `..data` link all change. `parse` runs once a change.
 * While one that held something is filled anew, what it held stays.
 */
export function createFreshFile<T>(path: string, parse: (content: FileContent) => T): FreshFile<T> {
  let seen: { readonly stats: Stats; readonly result: T } | null = null
  let filled: { readonly result: T } | null = null
  const read = (): T => {
    const stats = statFile(path)
    if (typeof stats === 'string') {
      seen = null
      filled = null
      return parse({ text: null, problem: stats })
    }
    if (seen && isSame(seen.stats, stats)) return seen.result
    const content = readStable(path, stats)
    if (filled && isBeingFilled(content, stats)) return filled.result
    const result = parse(content)
    filled = isFilled(content) ? { result } : null
    seen = content.problem === null && isSettled(stats) ? { stats, result } : null
    return result
  }
  return { read }
}

function statFile(path: string): Stats | FileProblem {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!stats) return 'missing'
    // A FIFO would block the whole process.
    if (!stats.isFile()) return 'not a file'
    return stats.size > LIMIT_BYTES ? 'too large' : stats
  } catch (error) {
    // Of a path through a file newer Nodes throw nothing.
    return fileErrorOf(error).problem
  }
}

/** Reads until the file is the same before and after, as a write in place shows empty and partial text. */
function readStable(path: string, first: Stats): FileContent {
  let before = first
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const content = readText(path)
    const after = statFile(path)
    if (typeof after === 'string') return { text: null, problem: after }
    if (content.problem !== null || isSame(before, after)) return content
    before = after
  }
  return { text: null, problem: 'being written' }
}

function readText(path: string): FileContent {
  try {
    return { text: readWhole(path, LIMIT_BYTES).toString(), problem: null }
  } catch (error) {
    return { text: null, problem: fileErrorOf(error).problem }
  }
}

function isFilled({ text }: FileContent): boolean {
  return text !== null && text.trim() !== ''
}

function isBeingFilled(content: FileContent, { mtimeMs }: Stats): boolean {
  if (content.problem !== null) return content.problem === 'being written'
  return !isFilled(content) && Math.abs(Date.now() - mtimeMs) < FILL_MS
}

function isSame(a: Stats, b: Stats): boolean {
  if (a.dev !== b.dev || a.ino !== b.ino || a.size !== b.size) return false
  return a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs
}

function isSettled(stats: Stats): boolean {
  return Date.now() - Math.max(stats.mtimeMs, stats.ctimeMs) > RACY_MS
}
