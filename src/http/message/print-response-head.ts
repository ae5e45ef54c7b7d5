import { readNames } from '../fields/field-names.ts'
import type { FieldName } from '../fields/header-names.ts'
import { printField, UnsendableError } from './print-field.ts'
import { readLength } from './read-length.ts'

/** A response's first line and fields before they are bytes. */
export interface OutgoingResponse {
  readonly status: number
  readonly reason: string
  /** Name, value, name, value… in order. */
  readonly fields: readonly string[]
  readonly client: ResponseClient
  /** A Date of its own; null: `fields` have what there is. */
  readonly date: string | null
  /** How long the connection is kept for another request; null: it ends with this response. */
  readonly keepAliveMs: number | null
}

/** What a response's framing depends on, of the request that it answers. */
export interface ResponseClient {
  readonly method: string
  /** 0: HTTP/1.0, which knows no chunks. */
  readonly minor: number
}

/** Where a response's body ends: behind so many bytes, with its last chunk, or with the connection. */
export type ResponseFraming = number | 'chunked' | 'close'

/** A head as bytes in a latin1 string, and what it says. */
export interface PrintedResponse {
  readonly text: string
  /** 0 where no body may follow, whatever the fields say. */
  readonly framing: ResponseFraming
  /** Whether the client was told that it may send another request. */
  readonly keepsAlive: boolean
}

/**
 * Prints a response's head with the framing that its client understands. Throws an UnsendableError
 * for what would not be read as it was meant.
 */
export function printResponseHead(response: OutgoingResponse): PrintedResponse {
  const { status, reason, client, date, keepAliveMs } = response
  const { text, length, connection } = readFraming(response.fields)
  const framing = decideFraming(status, client, length)
  const keepsAlive = keepAliveMs !== null && framing !== 'close'
  let head = `HTTP/1.1 ${status} ${reason}${text}`
  if (date !== null) head += `\r\nDate: ${date}`
  head += printConnection(connection, keepsAlive ? keepAliveMs : null)
  if (framing === 'chunked') head += '\r\nTransfer-Encoding: chunked'
  return { text: `${head}\r\n\r\n`, framing, keepsAlive }
}

interface PrintedFields {
  readonly text: string
  /** Content-Length in bytes; null: there is none. */
  readonly length: number | null
  /** What Connection names beside how it goes on; null: nothing. */
  readonly connection: string | null
}

function readFraming(fields: readonly string[]): PrintedFields {
  try {
    return printFields(fields)
  } catch (error) {
    throw new UnsendableError((error as Error).message, 'RESPONSE_UNSENDABLE')
  }
}

/** Framing is the writer's own, so that no field can say another. */
function printFields(fields: readonly string[]): PrintedFields {
  let text = ''
  let length: number | null = null
  let connection: string | null = null
  const { all } = readNames(fields)
  // Hot: a loop by hand.
  for (let i = 0; i < all.length; i++) {
    const read = all[i] as FieldName
    const value = fields[2 * i + 1] as string
    if (read.role === 'connection') connection = value
    else if (read.role !== 'coding') text += printField(read, value)
    if (read.role !== 'length') continue
    const bytes = readLength(value)
    if (length !== null || bytes === null) throw new UnsendableError('two lengths, or none')
    length = bytes
  }
  return { text, length, connection }
}

function printConnection(named: string | null, keepAliveMs: number | null): string {
  const others = named === null ? '' : `${named}, `
  if (keepAliveMs === null) return `\r\nConnection: ${others}close`
  const seconds = Math.floor(keepAliveMs / 1000)
  const hint = seconds > 0 ? `\r\nKeep-Alive: timeout=${seconds}` : ''
  return `\r\nConnection: ${others}keep-alive${hint}`
}

function decideFraming(
  status: number,
  { method, minor }: ResponseClient,
  length: number | null,
): ResponseFraming {
  if (method === 'HEAD' || status === 204 || status === 304) return 0
  if (length !== null) return length
  return minor > 0 ? 'chunked' : 'close'
}
