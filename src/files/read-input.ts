import { readSync } from 'node:fs'

const CHUNK_BYTES = 64 * 1024
const RETRY_MS = 10

/** Reads standard input's first `limitBytes` and at least one more, which says that it is longer; what can't be read is its end. */
export function readInput(limitBytes: number): Buffer {
  const chunks: Buffer[] = []
  for (let length = 0; length <= limitBytes; ) {
    const chunk = readChunk()
    if (chunk.length === 0) break
    chunks.push(chunk)
    length += chunk.length
  }
  return Buffer.concat(chunks)
}

function readChunk(): Buffer {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  for (;;) {
    try {
      return chunk.subarray(0, readSync(0, chunk))
    } catch (error) {
      // Whoever shares the pipe or the terminal may have made it one that does not wait.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) return NOTHING
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS)
    }
  }
}

const NOTHING = Buffer.alloc(0)
