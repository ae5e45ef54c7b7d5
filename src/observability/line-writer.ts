import { fstatSync, writeSync } from 'node:fs'

/** What a LineWriter builds from. */
export interface LineWriterOptions {
  readonly fd: number
  /** Hears how many lines nobody took, once others are taken again. */
  readonly onLost: (lines: number) => void
}

/** A line that can write itself where it is to stand, its line feed included. */
export interface PlacedLine {
  /** It takes no more. */
  readonly mostBytes: number
  /** Writes it from `start` on, and gives where it ends; -1: it can't. */
  readonly put: (into: Buffer, start: number) => number
}

/** Where lines go. */
export interface LineOutput {
  readonly write: (line: string) => void
  /** Takes a line in place of its text; false: its text is wanted. */
  readonly place?: (line: PlacedLine) => boolean
}

interface Chunk {
  readonly bytes: Buffer
  readonly lines: number
}

/** PIPE_BUF: so much a pipe takes whole or not at all, so that the lines of several processes never mix. */
const PIPE_BYTES = 4_096
/** A file takes more whole, and each write costs as much as several lines. */
const FILE_BYTES = 65_536
const FLUSH_MS = 250
const MOST_BYTES = 8 * 1024 * 1024
/** Of UTF-8, for each unit of a text. */
const MOST_BYTES_A_UNIT = 3
/** A process that ends waits so long for a reader. */
const END_MS = 1_000
const RETRY_MS = 10

/** All of this process, which end with it by one listener: a process may hold many logs. */
const opened = new Set<LineWriter>()

function endAll(): void {
  for (const writer of opened) writer.end()
}

/**
 * Writes lines many at once, within a quarter of a second, and what is left when the process ends.
 * Where the reader of a pipe is slow it waits for none: it keeps some megabytes and drops the rest.
 */
export class LineWriter implements LineOutput {
  private readonly options: LineWriterOptions
  /** Lines that wait for others, as bytes at once: as texts each small collection would copy them anew. */
  private readonly gathered: Buffer
  private readonly queue: Chunk[] = []
  private used = 0
  private lines = 0
  private lost = 0
  private isTelling = false

  constructor(options: LineWriterOptions) {
    this.options = options
    this.gathered = Buffer.allocUnsafeSlow(takesMore(options.fd) ? FILE_BYTES : PIPE_BYTES)
    setInterval(() => this.flush(), FLUSH_MS).unref()
    if (opened.size === 0) process.once('exit', endAll)
    opened.add(this)
  }

  /** Takes one line, its line feed included. */
  write(line: string): void {
    const { length } = this.gathered
    // What surely fits is not measured.
    if (this.used + MOST_BYTES_A_UNIT * line.length > length) {
      const bytes = Buffer.byteLength(line)
      if (this.used + bytes > length) this.flush()
      if (bytes > length) {
        this.hand({ bytes: Buffer.from(line), lines: 1 })
        return
      }
    }
    this.used += this.gathered.write(line, this.used)
    this.lines += 1
  }

  /** The same for a line that writes itself among those that wait; false: there is no room for it, or it can't. */
  place(line: PlacedLine): boolean {
    if (this.used + line.mostBytes > this.gathered.length) return false
    const end = line.put(this.gathered, this.used)
    if (end < 0) return false
    this.used = end
    this.lines += 1
    return true
  }

  /** The same, for a line that waits for no others. */
  writeNow(line: string): void {
    this.write(line)
    this.flush()
  }

  /** Writes what is there; keeps what nobody takes now. */
  flush(): void {
    while (this.queue.length > 0 && this.writeNext()) {}
    if (this.lines > 0) this.closeChunk()
    // Whoever hears of it may write a line of that, which may be lost too.
    if (this.queue.length > 0 || this.lost === 0 || this.isTelling) return
    this.isTelling = true
    this.options.onLost(this.lost)
    this.isTelling = false
    this.lost = 0
  }

  /** Writes what is left, and waits a second for a reader; the end of the process calls it. */
  end(): void {
    const latest = Date.now() + END_MS
    const sleeper = new Int32Array(new SharedArrayBuffer(4))
    this.flush()
    while (this.queue.length > 0 && Date.now() < latest) {
      Atomics.wait(sleeper, 0, 0, RETRY_MS)
      this.flush()
    }
  }

  private closeChunk(): void {
    const { used, lines } = this
    this.used = 0
    this.lines = 0
    this.hand({ bytes: this.gathered.subarray(0, used), lines })
  }

  /** Writes a chunk behind those that wait; of what nobody takes now a copy waits too. */
  private hand(chunk: Chunk): void {
    const rest = this.queue.length === 0 ? this.deliver(chunk) : chunk
    if (rest === null) return
    if (this.queue.length < MOST_BYTES / this.gathered.length)
      this.queue.push({ ...rest, bytes: Buffer.from(rest.bytes) })
    else this.lost += rest.lines
  }

  /** Whether another may follow at once. */
  private writeNext(): boolean {
    const rest = this.deliver(this.queue[0] as Chunk)
    if (rest === null) this.queue.shift()
    else this.queue[0] = rest
    return rest === null
  }

  /** Writes as much as is taken now, and gives what is left; null: nothing. */
  private deliver({ bytes, lines }: Chunk): Chunk | null {
    let written = 0
    try {
      while (written < bytes.length) written += writeSync(this.options.fd, bytes, written)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN')
        return { bytes: bytes.subarray(written), lines }
      this.lost += lines
    }
    return null
  }
}

function takesMore(fd: number): boolean {
  const status = fstatSync(fd)
  return !status.isFIFO() && !status.isSocket()
}
