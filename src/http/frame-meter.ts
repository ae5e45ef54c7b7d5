/** Follows the frames of one direction of a WebSocket as its bytes pass (RFC 6455 §5.2). */
export interface FrameMeter {
  /**
   * Takes the next bytes; how many of them may pass. Fewer than all: the frame after those makes
   * its message longer than the limit.
   */
  readonly push: (chunk: Buffer) => number
  /** Whether the bytes so far end where a frame does. */
  readonly isBetweenFrames: () => boolean
}

const MASK_BYTES = 4
const CONTROL_BIT = 0x08
const FIN_BIT = 0x80

/** Creates a meter; `limitBytes` counts the payload of a message over all its frames. */
export function createFrameMeter(limitBytes: number): FrameMeter {
  // Two bytes, up to eight of length, a mask.
  const header = Buffer.alloc(14)
  let have = 0
  let payload = 0
  let message = 0

  function endHeader(): boolean {
    payload = payloadLength(header)
    have = 0
    const first = header[0] as number
    if (first & CONTROL_BIT) return true
    message += payload
    if (message > limitBytes) return false
    if (first & FIN_BIT) message = 0
    return true
  }

  return {
    push(chunk) {
      let frameStart = 0
      for (let i = 0; i < chunk.length; ) {
        const skipped = Math.min(payload, chunk.length - i)
        payload -= skipped
        i += skipped
        if (i === chunk.length) break
        if (have === 0) frameStart = i
        header[have++] = chunk[i++] as number
        if (have >= 2 && have === headerLength(header) && !endHeader()) return frameStart
      }
      return chunk.length
    },
    isBetweenFrames: () => have === 0 && payload === 0,
  }
}

function headerLength(header: Buffer): number {
  const second = header[1] as number
  const mask = second & 0x80 ? MASK_BYTES : 0
  const length = second & 0x7f
  return 2 + mask + (length === 127 ? 8 : length === 126 ? 2 : 0)
}

function payloadLength(header: Buffer): number {
  const length = (header[1] as number) & 0x7f
  if (length === 126) return header.readUInt16BE(2)
  if (length === 127) return header.readUInt32BE(2) * 2 ** 32 + header.readUInt32BE(6)
  return length
}

/** A Close frame that says a message is too big, as a server sends it or, masked, as a client does. */
export function tooBigFrame(sender: 'server' | 'client'): Buffer {
  return sender === 'server'
    ? Buffer.from([0x88, 0x02, 0x03, 0xf1])
    : Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xf1])
}
