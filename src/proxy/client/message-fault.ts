import { METHODS } from 'node:http'
import { type Answer, type AnswerCode, answerOf } from '../../answers/answers.ts'
import type { RequestHead } from '../../http/message/message.ts'

/** Why a message is refused before anything looks at what it asks for. */
export interface MessageFault extends Answer {
  /** Another reader could see the message end elsewhere: nothing after it may be served. */
  readonly isFraming: boolean
}

/** A name or an address, and a port (RFC 9110 §7.2): no userinfo, path or white space may hide in it. */
const HOST_VALUE =
  /^(?:[\w.~!$&'()*+,;=-]*(?:%[\dA-F]{2}[\w.~!$&'()*+,;=-]*)*|\[[\dA-F:.]+(?:%[\w.~-]+)?\]|\[v[\dA-F]+\.[\w.~!$&'()*+,;=:-]+\])(?::\d*)?$/i

/** An Expect, or several, of nothing else (RFC 9110 §10.1.1). */
const CONTINUE = /^100-continue(?:[\t ]*,[\t ]*100-continue)*$/i

/** Methods that have a meaning for many; written in other letters some servers take them for the same. */
const KNOWN_METHODS: ReadonlySet<string> = new Set(METHODS)

const FAULTS = {
  method: fault('bad_message', 'The method is one that is written in capitals.'),
  version: framingFault('http_version'),
  fields: fault('too_many_fields'),
  noHost: fault('host_missing'),
  twoHosts: fault('host_repeated'),
  host: fault('host_invalid'),
  coding: framingFault('transfer_coding'),
  expectation: fault('expectation'),
  oldCoding: framingFault('transfer_coding', 'HTTP/1.0 knows no transfer coding.'),
}

/**
 * Finds what a reader lets through although others could understand it differently, or no request
 * may say it: versions other than 1.0 and 1.1, a Host missing, repeated or malformed, codings other
 * than `chunked`, codings in HTTP/1.0, more fields than allowed. Everything else ambiguous is no request.
 */
export function findFault(request: RequestHead, fieldLimit: number): MessageFault | null {
  const { rawHeaders, httpVersionMajor, httpVersionMinor } = request
  if (httpVersionMajor !== 1 || httpVersionMinor > 1) return FAULTS.version
  const coding = request.headers['transfer-encoding']
  if (coding !== undefined) {
    if (httpVersionMinor === 0) return FAULTS.oldCoding
    if (coding.toLowerCase() !== 'chunked') return FAULTS.coding
  }
  // Only now: behind a message whose end is clear the connection may go on.
  if (isMiswritten(request.method as string)) return FAULTS.method
  if (rawHeaders.length > 2 * fieldLimit) return FAULTS.fields
  if (expectsContinue(request) && !CONTINUE.test(request.headers.expect as string))
    return FAULTS.expectation
  return findHostFault(rawHeaders, httpVersionMinor)
}

/** Whether the client waits for a sign before it sends its body; HTTP/1.0 knows none (RFC 9110 §10.1.1). */
export function expectsContinue({ headers, httpVersionMinor }: RequestHead): boolean {
  return headers.expect !== undefined && httpVersionMinor > 0
}

/** Methods are what they are in these letters and no others (RFC 9110 §9.1): who reads `delete` as DELETE decides otherwise than the file. */
function isMiswritten(method: string): boolean {
  return !KNOWN_METHODS.has(method) && KNOWN_METHODS.has(method.toUpperCase())
}

function findHostFault(rawHeaders: readonly string[], minor: number): MessageFault | null {
  let host: string | null = null
  // Hot: a loop by hand.
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (name.length !== 4 || name.toLowerCase() !== 'host') continue
    if (host !== null) return FAULTS.twoHosts
    host = rawHeaders[i + 1] as string
  }
  if (host === null) return minor === 0 ? null : FAULTS.noHost
  return HOST_VALUE.test(host) ? null : FAULTS.host
}

function fault(code: AnswerCode, message?: string): MessageFault {
  return { ...answerOf(code, message), isFraming: false }
}

function framingFault(code: AnswerCode, message?: string): MessageFault {
  return { ...answerOf(code, message), isFraming: true }
}
