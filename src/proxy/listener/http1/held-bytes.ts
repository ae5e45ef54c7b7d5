/** Bytes that came before their turn. */
export class HeldBytes {
  bytes = 0
  private chunks: Buffer[] = []

  get isEmpty(): boolean {
    return this.bytes === 0
  }

  push(chunk: Buffer): void {
    this.chunks.push(chunk)
    this.bytes += chunk.length
  }

  /** Puts back what was left of the first. */
  unshift(chunk: Buffer): void {
    this.chunks.unshift(chunk)
    this.bytes += chunk.length
  }

  /** The first of them; there must be one. */
  shift(): Buffer {
    const chunk = this.chunks.shift() as Buffer
    this.bytes -= chunk.length
    return chunk
  }

  /** All of them, in one piece. */
  takeAll(): Buffer {
    const all = Buffer.concat(this.chunks)
    this.clear()
    return all
  }

  clear(): void {
    this.chunks = []
    this.bytes = 0
  }
}
