import { readNames } from '../fields/field-names.ts'
import type { FieldName } from '../fields/header-names.ts'
import { printField, UnsendableError } from './print-field.ts'

/** A request's first line and fields before they are bytes. */
export interface OutgoingHead {
  readonly method: string
  /** Path and query, or what else stands in their place. */
  readonly target: string
  /** Name, value, name, value… in order; Host only where it is not the default one. */
  readonly fields: readonly string[]
  /** Host where `fields` name none. */
  readonly host: string
  /** Bytes of the body; null: none, unless `isChunked`. */
  readonly bodyBytes: number | null
  readonly isChunked: boolean
  /** What the connection is to switch to; null: it stays. */
  readonly upgrade: string | null
}

const TARGET = /^[\x21-\x7e\x80-\xff]+$/
const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Methods whose requests say their length though they have no body (RFC 9110 §8.6). */
const SAYS_NO_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/**
 * Prints a request's head as bytes in a latin1 string: Host first, framing last. Throws an
 * UnsendableError for what would not be read as it was meant.
 */
export function printRequestHead(head: OutgoingHead): string {
  const { method, target, upgrade, bodyBytes, isChunked } = head
  if (!METHOD.test(method) || !TARGET.test(target)) throw new UnsendableError('no request line')
  const connection =
    upgrade === null ? 'connection: keep-alive' : `connection: upgrade\r\nupgrade: ${upgrade}`
  const { host, others } = printFields(head)
  const framing = isChunked ? '\r\ntransfer-encoding: chunked' : printLength(method, bodyBytes)
  return `${method} ${target} HTTP/1.1${host}\r\n${connection}${others}${framing}\r\n\r\n`
}

function printFields({ fields, host }: OutgoingHead): { host: string; others: string } {
  let hostLine = ''
  let others = ''
  const { all } = readNames(fields)
  // Hot: a loop by hand.
  for (let i = 0; i < all.length; i++) {
    const read = all[i] as FieldName
    const value = fields[2 * i + 1] as string
    if (read.role === 'length') continue
    const line = printField(read, value)
    if (read.lower === 'host') hostLine = line
    else others += line
  }
  return { host: hostLine === '' ? `\r\nhost: ${host}` : hostLine, others }
}

function printLength(method: string, bytes: number | null): string {
  if (bytes !== null) return `\r\ncontent-length: ${bytes}`
  return SAYS_NO_BODY.has(method) ? '\r\ncontent-length: 0' : ''
}
