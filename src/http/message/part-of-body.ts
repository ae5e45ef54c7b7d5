/** The part of a chunk from `at` on that is of a body with `left` bytes to come: the chunk itself where it is all of it. */
export function partOfBody(chunk: Buffer, at: number, left: number): Buffer {
  const end = Math.min(chunk.length, at + left)
  return at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end)
}
