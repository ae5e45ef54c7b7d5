import { createReadStream } from 'node:fs'
import { type TrailReport, TrailVerifier } from './verify-trail.ts'

/** What verifyFiles looks at. */
export interface VerifyOptions {
  /** In the order in which they were written; `-` is standard input. */
  readonly files: readonly string[]
  /** Hash of the line before the first; null: the trail begins with it. */
  readonly after: string | null
  /** A hash that some line must have; null: none is asked for. */
  readonly holds: string | null
}

/** A report, and whether the hash that was asked for is in it. */
export interface FilesReport extends TrailReport {
  readonly isFound: boolean
}

/** A line is far shorter; a longer one is none of a trail, whatever it holds. */
const LINE_LIMIT_BYTES = 1024 * 1024
const LINE_FEED = 0x0a

/** Verifies a trail through its files; rejects where one can't be read. */
export async function verifyFiles({ files, after, holds }: VerifyOptions): Promise<FilesReport> {
  const verifier = new TrailVerifier(after, holds)
  for (const file of files) {
    verifier.beginFile(file)
    const stream = file === '-' ? process.stdin : createReadStream(file)
    await takeLines(stream, verifier)
  }
  return { ...verifier.finish(), isFound: holds === null || verifier.hasFound }
}

async function takeLines(
  stream: AsyncIterable<Buffer | string>,
  verifier: TrailVerifier,
): Promise<void> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk as Buffer])
    let start = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      verifier.take(bytes.subarray(start, end))
      start = end + 1
    }
    rest = bytes.subarray(start)
    if (rest.length > LINE_LIMIT_BYTES) break
  }
  if (rest.length > 0) verifier.takeTorn(rest)
}
