import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { FileError, fileErrorOf } from './file-error.ts'

/** Opening a pipe that nobody writes to waits for a writer, unless it is asked not to. */
const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY

/** What a certificate, a chain of them, a bundle of authorities or a key may have. */
export const PEM_LIMIT_BYTES: number = 4 * 1024 * 1024

/**
 * Reads a regular file's first `limitBytes` and one more, which says that it is longer. Nothing else
 * is read: a pipe would hold the process, a device never ends. Throws FileError.
 */
export function readStart(path: string, limitBytes: number): Buffer {
  try {
    const fd = openSync(path, FLAGS)
    try {
      return readOpened(fd, limitBytes)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw fileErrorOf(error)
  }
}

/** Reads a regular file whole; throws FileError, also where it is longer than `limitBytes`. */
export function readWhole(path: string, limitBytes: number): Buffer {
  return asWhole(readStart(path, limitBytes), limitBytes)
}

/** How long a disk may take over one read. */
const DEADLINE_MS = 5_000

/** Reads that their disk has not answered: another would take one more of the few threads that read. */
const unanswered = new Set<string>()

/** Does what readStart does without holding the process; rejects with FileError where the disk takes too long. */
export async function readStartInTime(
  path: string,
  limitBytes: number,
  deadlineMs: number = DEADLINE_MS,
): Promise<Buffer> {
  if (unanswered.has(path)) throw new FileError('too slow')
  const reading = readSlowly(path, limitBytes)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      unanswered.add(path)
      void reading.catch(() => undefined).finally(() => unanswered.delete(path))
      reject(new FileError('too slow'))
    }, deadlineMs)
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Does what readWhole does, as readStartInTime does it. */
export async function readWholeInTime(path: string, limitBytes: number): Promise<Buffer> {
  return asWhole(await readStartInTime(path, limitBytes), limitBytes)
}

function asWhole(bytes: Buffer, limitBytes: number): Buffer {
  if (bytes.length > limitBytes) throw new FileError('too large')
  return bytes
}

async function readSlowly(path: string, limitBytes: number): Promise<Buffer> {
  try {
    const handle = await open(path, FLAGS)
    try {
      return await readHandle(handle, limitBytes)
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw fileErrorOf(error)
  }
}

/** Sizes in /proc and the like are 0, whatever stands there. */
const SMALLEST_BYTES = 4_096

/** Room for a file of the size that it reports and one byte more: where that is filled, the file has grown. */
function startBuffer(stats: Stats, limitBytes: number): Buffer {
  if (!stats.isFile()) throw new FileError('not a file')
  return Buffer.alloc(Math.min(Math.max(stats.size, SMALLEST_BYTES), limitBytes) + 1)
}

function readOpened(fd: number, limitBytes: number): Buffer {
  let bytes = startBuffer(fstatSync(fd), limitBytes)
  for (let length = 0; ; ) {
    const read = readSync(fd, bytes, length, bytes.length - length, null)
    length += read
    if (read === 0 || length > limitBytes) return bytes.subarray(0, length)
    bytes = withRoom(bytes, length, limitBytes)
  }
}

async function readHandle(handle: FileHandle, limitBytes: number): Promise<Buffer> {
  let bytes = startBuffer(await handle.stat(), limitBytes)
  for (let length = 0; ; ) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, null)
    length += bytesRead
    if (bytesRead === 0 || length > limitBytes) return bytes.subarray(0, length)
    bytes = withRoom(bytes, length, limitBytes)
  }
}

/** The same bytes, with room for more where there is none left. */
function withRoom(bytes: Buffer, length: number, limitBytes: number): Buffer {
  if (length < bytes.length) return bytes
  return Buffer.concat([bytes], Math.min(bytes.length * 2, limitBytes + 1))
}
