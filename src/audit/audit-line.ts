import { hash } from 'node:crypto'

/** Where a trail stands: the number of a line, and the hash that the next one names. */
export interface Link {
  readonly number: number
  /** SHA-256 in hex. */
  readonly hash: string
}

/** What stands before the first line. */
export const GENESIS: Link = { number: 0, hash: '0'.repeat(64) }

/** A line that names itself one of a trail. */
export interface AuditLine extends Link {
  /** Hash of the line before. */
  readonly previous: string
  /** Whether its hash is that of its text. */
  readonly isIntact: boolean
}

/** What a line says beside its place in the trail. */
export type AuditFields = Readonly<Record<string, string | number | null>>

/** Writes a line behind another: its text, line feed included, and where the trail stands then. */
export function writeAuditLine(
  fields: AuditFields,
  after: Link,
): { readonly text: string; readonly link: Link } {
  const number = after.number + 1
  const body = JSON.stringify({ n: number, ...fields, prev: after.hash }).slice(0, -1)
  const own = hash('sha256', body)
  return { text: `${body},"hash":"${own}"}\n`, link: { number, hash: own } }
}

/** The only end that a line may have. */
const END = /^,"prev":"([0-9a-f]{64})"(,"hash":"([0-9a-f]{64})"\})$/
const END_BYTES = ',"prev":"","hash":""}'.length + 2 * 64
const START = /^\{"n":([1-9]\d{0,14}),/
const START_BYTES = 24

/** Reads a line's place in its trail, the line feed left out; null: it is no line of one. */
export function readAuditLine(line: Buffer): AuditLine | null {
  const start = START.exec(line.toString('latin1', 0, START_BYTES))
  const end = END.exec(line.toString('latin1', Math.max(0, line.length - END_BYTES)))
  if (start === null || end === null) return null
  const [, previous = '', tail = '', stated = ''] = end
  const body = line.subarray(0, line.length - tail.length)
  const isIntact = hash('sha256', body) === stated
  return { number: Number(start[1]), previous, hash: stated, isIntact }
}
