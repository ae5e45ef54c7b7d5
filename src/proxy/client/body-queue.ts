/** What all bodies that are kept may have together. */
export interface KeptBytes {
  /** Takes room for so many bytes; false: there is none. */
  readonly take: (bytes: number) => boolean
  readonly giveBack: (bytes: number) => void
}

/** A piece this short is copied behind the one before it: a buffer of its own would be many times as long. */
export const SMALL_BYTES = 1024

/** What short pieces are gathered in. */
const GATHERED_BYTES = 8 * 1024

/** What a kept piece takes of the room at least: one of a single byte takes as much of the heap. */
const PIECE_BYTES = 512

/** The pieces of a body that came and were not sent yet, and those that may have to be sent again. */
export class BodyQueue {
  /** Bytes that were not sent yet. */
  unsentBytes = 0
  private chunks: Buffer[] = []
  private next = 0
  private keptBytes = 0
  /** What the kept pieces take of the room. */
  private takenBytes = 0
  private readonly limitBytes: number
  private readonly room: KeptBytes
  private keeps: boolean
  /** Where short pieces are gathered: the memory of the last piece, as long as it was not sent. */
  private gathered: Buffer | null = null

  /** `limitBytes`: what is kept of one body; 0: nothing. */
  constructor(limitBytes: number, room: KeptBytes) {
    this.limitBytes = limitBytes
    this.room = room
    this.keeps = limitBytes > 0
  }

  /** Whether all that came so far can be sent once more. */
  get isKept(): boolean {
    return this.keeps
  }

  /** Adds a piece that came. */
  push(chunk: Buffer): void {
    const isGathered = this.gather(chunk)
    if (!isGathered) this.append(chunk)
    this.unsentBytes += chunk.length
    if (!this.keeps) return
    this.keptBytes += chunk.length
    const taken = isGathered ? chunk.length : Math.max(chunk.length, PIECE_BYTES)
    if (this.keptBytes <= this.limitBytes && this.room.take(taken)) this.takenBytes += taken
    else this.forget()
  }

  /** The next piece to send; null: there is none at present. */
  shift(): Buffer | null {
    const chunk = this.chunks[this.next]
    if (chunk === undefined) return null
    if (this.next === this.chunks.length - 1) this.gathered = null
    this.unsentBytes -= chunk.length
    if (!this.keeps) return this.chunks.shift() as Buffer
    const kept = inItsOwnMemory(chunk)
    this.chunks[this.next] = kept
    this.next += 1
    return kept
  }

  /** Adds a piece of its own. The first waits for nobody, most often, and stays where it came. */
  private append(chunk: Buffer): void {
    this.chunks.push(this.chunks.length === 0 ? chunk : inItsOwnMemory(chunk))
    // What was gathered belongs to the piece before.
    this.gathered = null
  }

  /** Puts a short piece behind the last one where both have room in one buffer; false: they have not. */
  private gather(chunk: Buffer): boolean {
    const last = this.chunks.at(-1)
    if (last === undefined || chunk.length >= SMALL_BYTES || this.next === this.chunks.length)
      return false
    const end = last.length + chunk.length
    if (end > GATHERED_BYTES) return false
    if (this.gathered === null) {
      if (last.length >= SMALL_BYTES) return false
      // Of zeros: whatever went wrong here, no other request's bytes could leave.
      this.gathered = Buffer.alloc(GATHERED_BYTES)
      last.copy(this.gathered)
    }
    chunk.copy(this.gathered, last.length)
    this.chunks[this.chunks.length - 1] = this.gathered.subarray(0, end)
    return true
  }

  /** Has everything sent from the start; only where it is kept. */
  rewind(): void {
    this.next = 0
    this.unsentBytes = this.keptBytes
  }

  /** Nothing will have to be sent again. */
  forget(): void {
    if (!this.keeps) return
    this.keeps = false
    this.chunks = this.chunks.slice(this.next)
    this.next = 0
    this.room.giveBack(this.takenBytes)
    this.takenBytes = 0
  }

  /** Drops all of it. */
  clear(): void {
    this.forget()
    this.chunks = []
    this.gathered = null
    this.unsentBytes = 0
  }

  /** All that was not sent, in one piece; takes it out. */
  takeWhole(): Buffer {
    const { chunks } = this
    this.chunks = []
    this.gathered = null
    this.unsentBytes = 0
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)
  }
}

/** The piece, copied out where it would hold memory of more than twice its length, such as that of the framing it came in. */
function inItsOwnMemory(chunk: Buffer): Buffer {
  if (chunk.buffer.byteLength <= 2 * chunk.length) return chunk
  const own = Buffer.allocUnsafeSlow(chunk.length)
  chunk.copy(own)
  return own
}
