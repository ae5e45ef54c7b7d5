import { hasBareLineFeed } from './head-collector.ts'
import { areLines, isPersistent, type MessageFields, readFields } from './message-fields.ts'
import { readLength } from './read-length.ts'
import { ResponseFault } from './response-fault.ts'

/** Where a response's body ends: behind so many bytes, with its last chunk, or with the connection. */
export type BodyFraming = number | 'chunked' | 'close'

/** The first line and the fields of a response. */
export interface ResponseHead {
  readonly status: number
  readonly reason: string
  /** Version of HTTP that it came by, as Via writes it. */
  readonly version: '1.0' | '1.1' | '2'
  /**
   * Name, value, name, value… in order, without those that RFC 9110 §7.6.1 forbids a proxy to
   * forward. A 426 keeps its Upgrade, without which it says nothing (RFC 9110 §15.5.22).
   */
  readonly fields: string[]
  /** What the fields say; a response to HEAD, 1xx, 204 and 304 has no body all the same. */
  readonly framing: BodyFraming
  /** Whether another response may come on the connection. */
  readonly keepsAlive: boolean
  /** How long its sender keeps the connection open for it; null: it does not say. */
  readonly keepAliveMs: number | null
}

const LETTER_H = 72

/** Whether a status line may have this byte as its first: `HTTP/` does. */
export function mayBeginResponse(byte: number): boolean {
  return byte === LETTER_H
}

/** A reason phrase may be missing with the space before it, as some servers have it. */
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([^\r\n]*))?\r\n/

/**
 * Reads a head from its status line to the CRLF of its last field, latin1 throughout. Throws a
 * ResponseFault for what RFC 9112 leaves open to two readings.
 */
export function parseResponseHead(text: string): ResponseHead {
  const line = STATUS_LINE.exec(text)
  if (line === null)
    // Of a head that comes in pieces only the bare line feed would have been seen.
    throw new ResponseFault(hasBareLineFeed(text, 0) ? 'RESPONSE_FIELD' : 'RESPONSE_STATUS_LINE')
  // Readers may ignore the reason phrase, whatever bytes it has (RFC 9112 §4).
  const start = line[0].length
  const read = areLines(text, start) ? readFields(text, start, 'end-to-end') : null
  if (read === null) throw new ResponseFault('RESPONSE_FIELD')
  const isOld = line[1] === '0'
  const status = Number(line[2])
  // RFC 9110 §7.8: no protocol that was not asked for, and only that of WebSockets ever is.
  if (status === 101 && read.upgrade !== null && read.upgrade.toLowerCase() !== 'websocket')
    throw new ResponseFault('RESPONSE_SWITCHED')
  if (status === 426 && read.upgrade !== null) read.fields.push('Upgrade', read.upgrade)
  const keepAliveMs = read.keepAlive === null ? null : readTimeout(read.keepAlive)
  const isKept = isPersistent(read.connection, isOld ? 0 : 1)
  return {
    status,
    reason: line[3] ?? '',
    version: isOld ? '1.0' : '1.1',
    fields: read.fields,
    framing: decideFraming(read),
    // HTTP/1.0 knows no coding: what stands behind such a response is nobody's (RFC 9112 §6.1).
    keepsAlive: isKept && keepAliveMs !== 0 && !(isOld && read.coding !== null),
    keepAliveMs,
  }
}

/** RFC 9112 §6.3; what has to be guessed there is refused here. */
function decideFraming({ length, coding, isFramedTwice }: MessageFields): BodyFraming {
  if (length === null && coding === null) return 'close'
  if (isFramedTwice) throw new ResponseFault('RESPONSE_FRAMING')
  if (coding !== null) {
    if (length !== null || coding.toLowerCase() !== 'chunked')
      throw new ResponseFault('RESPONSE_FRAMING')
    return 'chunked'
  }
  const bytes = readLength(length as string)
  if (bytes === null) throw new ResponseFault('RESPONSE_FRAMING')
  return bytes
}

/** The `timeout` of a Keep-Alive field, in seconds there (RFC 2068 §19.7.1.1). */
function readTimeout(value: string): number | null {
  const match = /(?:^|[\s,;])timeout=(\d{1,6})/i.exec(value)
  return match === null ? null : Number(match[1]) * 1000
}
