import { createAccessNames } from './access-names.ts'
import type { ExchangeRecord } from './exchange-record.ts'
import type { PlacedLine } from './line-writer.ts'

/** A part of a line that several lines have in common, as text and as the bytes of that. */
interface Part {
  readonly text: string
  readonly bytes: Buffer
}

/** What the line before had, from the method to the name of the duration. */
interface Middle extends Part {
  readonly method: string
  /** null: it was not written as it is. */
  readonly path: string | null
  readonly names: string
  readonly client: string | null
}

const END: Part = partOf(',"msg":"request"}\n')
const TRACE: Part = partOf(',"traceId":"')
const QUOTE = 34
const BACKSLASH = 92
/** A number with its quotes and commas. */
const MOST_DIGITS = 32

/**
 * The line of one request after the other, as JSON in ASCII. Of two lines most is alike: it is kept as
 * bytes, which are copied, and only what differs is written a letter at a time.
 */
export class AccessLine implements PlacedLine {
  private readonly namesOf = createAccessNames()
  private head: Part = partOf('')
  private headTime = Number.NaN
  private middle: Middle | null = null
  private id = ''
  private traceId: string | null = null
  private duration = ''

  /** Takes what the line is about. */
  tell(record: ExchangeRecord): void {
    const now = Date.now()
    if (now !== this.headTime) this.head = headOf(now)
    this.headTime = now
    this.middle = this.middleOf(record)
    this.id = record.id
    this.traceId = record.traceId
    this.duration = formatTenths(record.durationMs)
  }

  get text(): string {
    const { head, id, traceId, middle, duration } = this
    // Known to be hex.
    const trace = traceId === null ? '' : `${TRACE.text}${traceId}"`
    return `${head.text}${escaped(id)}"${trace}${middle?.text}${duration}${END.text}`
  }

  get mostBytes(): number {
    const { head, id, traceId, middle } = this
    const trace = traceId === null ? 0 : TRACE.bytes.length + traceId.length + 1
    const parts = head.bytes.length + (middle?.bytes.length ?? 0) + END.bytes.length
    return parts + id.length + trace + MOST_DIGITS
  }

  put(into: Buffer, start: number): number {
    const { head, id, traceId, middle, duration } = this
    if (middle === null) return -1
    let at = copy(head, into, start)
    at = write(id, into, at)
    if (at < 0) return -1
    into[at++] = QUOTE
    if (traceId !== null) {
      at = write(traceId, into, copy(TRACE, into, at))
      into[at++] = QUOTE
    }
    at = write(duration, into, copy(middle, into, at))
    return copy(END, into, at)
  }

  private middleOf(record: ExchangeRecord): Middle {
    const { method, path, client } = record
    const names = this.namesOf(record)
    const before = this.middle
    const isAlike =
      before !== null &&
      before.names === names &&
      before.path === path &&
      before.method === method &&
      before.client === client
    if (isAlike) return before
    const start = `,"method":${JSON.stringify(method)},"path":"`
    const written = escaped(path)
    const text = `${start}${written}",${names},"client":${JSON.stringify(client)},"durationMs":`
    // Cut out of this text, as the record's is cut out of its request, query and all.
    const kept = text.slice(start.length, start.length + written.length)
    return { ...partOf(text), method, path: written === path ? kept : null, names, client }
  }
}

function partOf(text: string): Part {
  return { text, bytes: Buffer.from(text) }
}

/** What a line begins with; put together once a millisecond. */
function headOf(now: number): Part {
  const time = new Date(now).toISOString()
  return partOf(`{"level":"info","time":"${time}","pid":${process.pid},"id":"`)
}

function copy({ bytes }: Part, into: Buffer, at: number): number {
  into.set(bytes, at)
  return at + bytes.length
}

/** Where it ends; -1: JSON does not take it as it is. */
function write(text: string, into: Buffer, start: number): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 32 || code > 126 || code === QUOTE || code === BACKSLASH) return -1
    into[start + i] = code
  }
  return start + text.length
}

/** ASCII that JSON takes as it is, which nearly every value is made of. */
const PLAIN = /^[ !#-[\]-~]*$/

function escaped(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text).slice(1, -1)
}

/** A number with one digit behind the point, from whole numbers, which are written much faster. */
function formatTenths(value: number): string {
  const tenths = Math.round(value * 10)
  const digit = tenths % 10
  return digit === 0 ? `${tenths / 10}` : `${(tenths - digit) / 10}.${digit}`
}
