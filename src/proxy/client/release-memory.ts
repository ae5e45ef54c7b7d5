/** Shorter ones cost more to release than to leave. */
const WORTH_BYTES = 8 * 1024

/** Not in the types of Node 20, which has no such method; there memory waits for the collector. */
const { transfer } = ArrayBuffer.prototype as { transfer?: (bytes: number) => ArrayBuffer }

/** Whether releaseMemory can do anything for a piece of this length. */
export function isWorthReleasing(chunk: Buffer): boolean {
  return transfer !== undefined && chunk.length >= WORTH_BYTES
}

/**
 * Gives the memory of a piece of a body back at once; nobody may look at it any more. Left to the
 * collector, such pieces are what full collections of the old space are made for: megabytes of them
 * come between two collections of the young one.
 */
export function releaseMemory(chunk: Buffer): void {
  const memory = chunk.buffer as ArrayBuffer
  // Else it is a part of something that others may have other parts of.
  if (memory.byteLength === chunk.length) transfer?.call(memory, 0)
}
