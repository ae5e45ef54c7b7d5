import { fstatSync, writeSync } from 'node:fs'

/** What a LineWriter builds from. */
export interface LineWriterOptions {
  readonly fd: number
  /** Hears how many lines nobody took, once others are taken again. */
  readonly onLost: (lines: number) => void
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
/** A process that ends waits so long for a reader. */
const END_MS = 1_000
const RETRY_MS = 10

/**
 * Writes lines many at once, within a quarter of a second, and what is left when the process ends.
 * Where the reader of a pipe is slow it waits for none: it keeps some megabytes and drops the rest.
 */
export class LineWriter {
  private readonly options: LineWriterOptions
  private readonly chunkBytes: number
  private readonly queue: Chunk[] = []
  private gathered = ''
  private lines = 0
  private lost = 0
  private isTelling = false

  constructor(options: LineWriterOptions) {
    this.options = options
    this.chunkBytes = takesMore(options.fd) ? FILE_BYTES : PIPE_BYTES
    setInterval(() => this.flush(), FLUSH_MS).unref()
    process.once('exit', () => this.end())
  }

  /** Takes one line, its line feed included. */
  write(line: string): void {
    // Counts characters, as most of them are ASCII; a longer chunk is written too.
    if (this.gathered.length + line.length > this.chunkBytes) this.flush()
    this.gathered += line
    this.lines += 1
  }

  /** The same, for a line that waits for no others. */
  writeNow(line: string): void {
    this.write(line)
    this.flush()
  }

  /** Writes what is there; keeps what nobody takes now. */
  flush(): void {
    if (this.lines > 0) this.closeChunk()
    while (this.queue.length > 0) if (!this.writeNext(this.queue[0] as Chunk)) return
    // Whoever hears of it may write a line of that, which may be lost too.
    if (this.lost === 0 || this.isTelling) return
    this.isTelling = true
    this.options.onLost(this.lost)
    this.isTelling = false
    this.lost = 0
  }

  private end(): void {
    const latest = Date.now() + END_MS
    const sleeper = new Int32Array(new SharedArrayBuffer(4))
    this.flush()
    while (this.queue.length > 0 && Date.now() < latest) {
      Atomics.wait(sleeper, 0, 0, RETRY_MS)
      this.flush()
    }
  }

  private closeChunk(): void {
    const { gathered, lines } = this
    this.gathered = ''
    this.lines = 0
    if (this.queue.length < MOST_BYTES / this.chunkBytes)
      this.queue.push({ bytes: Buffer.from(gathered), lines })
    else this.lost += lines
  }

  /** Whether another may follow at once. */
  private writeNext({ bytes, lines }: Chunk): boolean {
    try {
      const written = writeSync(this.options.fd, bytes)
      if (written < bytes.length) this.queue[0] = { bytes: bytes.subarray(written), lines }
      else this.queue.shift()
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return false
      this.queue.shift()
      this.lost += lines
      return true
    }
  }
}

function takesMore(fd: number): boolean {
  const status = fstatSync(fd)
  return !status.isFIFO() && !status.isSocket()
}
