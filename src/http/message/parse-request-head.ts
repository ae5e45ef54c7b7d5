import { METHODS } from 'node:http'
import { detach } from '../fields/detach.ts'
import type { NamedFields } from './message.ts'
import {
  areLines,
  isPersistent,
  type MessageFields,
  namesOption,
  readFields,
} from './message-fields.ts'
import { readLength } from './read-length.ts'
import { RequestFault } from './request-fault.ts'

/** Where a request's body ends; `unclear`: another reader could see it end elsewhere. */
export type RequestFraming = number | 'chunked' | 'unclear'

/** The first line and the fields of a request. */
export interface ParsedRequest {
  readonly method: string
  /** As it came: a path, a URL, an authority or an asterisk. */
  readonly target: string
  /** 0.9 where the line names none. */
  readonly major: number
  readonly minor: number
  /** Name, value, name, value… in order, all of them. */
  readonly fields: string[]
  readonly named: NamedFields
  readonly framing: RequestFraming
  /** Whether the client would send another request on the connection. */
  readonly keepsAlive: boolean
  /** What the connection is asked to become; null: what it is. */
  readonly upgrade: string | null
}

const REQUEST_LINE =
  /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([\x21-\x7e\x80-\xff]+)(?: HTTP\/(\d)\.(\d))?\r\n/

/**
 * Reads a head from its request line to the CRLF of its last field, latin1 throughout. Throws a
 * RequestFault for what RFC 9112 does not allow; versions and codings are left to whoever answers.
 */
export function parseRequestHead(text: string): ParsedRequest {
  const line = REQUEST_LINE.exec(text)
  if (line === null || !areLines(text, 0)) throw new RequestFault('bad_message')
  const read = readFields(text, line[0].length, 'all')
  if (read === null) throw new RequestFault('bad_message')
  const major = Number(line[3] ?? 0)
  const minor = Number(line[4] ?? 9)
  const isNew = major === 1 && minor === 1
  const isKnown = isNew || (major === 1 && minor === 0)
  return {
    method: readMethod(line[1] as string),
    target: detach(line[2] as string),
    major,
    minor,
    fields: read.fields,
    named: nameFields(read),
    framing: isKnown ? decideFraming(read, minor) : 'unclear',
    keepsAlive: isPersistent(read.connection, isNew ? 1 : 0),
    upgrade: isNew && namesOption(read.connection, 'upgrade') ? read.upgrade : null,
  }
}

/** The texts of known methods by themselves: whoever looks one up again compares no letters. */
const KNOWN_METHODS: ReadonlyMap<string, string> = new Map(METHODS.map((name) => [name, name]))

function readMethod(name: string): string {
  return KNOWN_METHODS.get(name) ?? detach(name)
}

/** RFC 9112 §6.3; what has to be guessed there is refused. */
function decideFraming(read: MessageFields, minor: number): RequestFraming {
  const { length, coding, isFramedTwice } = read
  if (length === null && coding === null) return 0
  if (isFramedTwice || (length !== null && coding !== null)) throw new RequestFault('bad_message')
  if (coding !== null)
    return minor === 1 && coding.toLowerCase() === 'chunked' ? 'chunked' : 'unclear'
  const bytes = readLength(length as string)
  if (bytes === null) throw new RequestFault('bad_message')
  return bytes
}

/** The fields that are asked for by name, of one shape for all requests. */
function nameFields({ fields, connection, length, coding, upgrade }: MessageFields): NamedFields {
  let expect: string | undefined
  let id: string | undefined
  let traceparent: string | undefined
  let tracestate: string | undefined
  // Hot: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i] as string
    const value = fields[i + 1] as string
    if (name.length === 6 && name.toLowerCase() === 'expect') expect = joined(expect, value)
    else if (name.length === 12 && name.toLowerCase() === 'x-request-id') id = joined(id, value)
    else if (name.length === 11 && name.toLowerCase() === 'traceparent')
      traceparent = joined(traceparent, value)
    else if (name.length === 10 && name.toLowerCase() === 'tracestate')
      tracestate = joined(tracestate, value)
  }
  return {
    connection: connection === '' ? undefined : connection,
    'content-length': length ?? undefined,
    'transfer-encoding': coding ?? undefined,
    upgrade: upgrade ?? undefined,
    expect,
    'x-request-id': id,
    traceparent,
    tracestate,
  }
}

function joined(before: string | undefined, value: string): string {
  return before === undefined ? value : `${before}, ${value}`
}
