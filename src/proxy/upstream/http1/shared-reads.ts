import type { OnReadOpts } from 'node:net'

/** Where all reads of all connections go: what came is copied out before the next can come. */
const MEMORY = Buffer.allocUnsafeSlow(64 * 1024)

/** Has a socket read into memory that all connections share, instead of new memory for each read. */
export function sharedReads(reader: { readonly read: (chunk: Buffer) => boolean }): OnReadOpts {
  const callback = (bytes: number, memory: Uint8Array): boolean =>
    reader.read(Buffer.from(memory.subarray(0, bytes)))
  return { buffer: MEMORY, callback }
}
