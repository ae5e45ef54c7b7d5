import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ParsedRequest } from '../../src/http/message/parse-request-head.ts'
import { RequestFault } from '../../src/http/message/request-fault.ts'
import { RequestReader } from '../../src/http/message/request-reader.ts'
import { findFault } from '../../src/proxy/client/message-fault.ts'
import { parseRequest } from '../fuzz/parse-request.ts'
import { generateCase } from '../fuzz/requests/generate.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 100)
const SEED = 20_261
const HEAD_BYTES = 16 * 1024

/** What one reader makes of the first request in some bytes. */
type Reading =
  | {
      readonly is: 'request'
      readonly line: string
      readonly body: string
      readonly end: number
      readonly keepsAlive: boolean
    }
  | { readonly is: 'refused' | 'incomplete' }

/** Keyway's reading, with what is looked at before anything is sent on. */
function readOurs(bytes: string): Reading {
  let head: ParsedRequest | null = null
  let body = ''
  let isWhole = false
  const reader = new RequestReader(
    {
      onHead: (read) => {
        head = read
      },
      onBody: (piece) => {
        body += piece.toString('latin1')
      },
      onEnd: () => {
        isWhole = true
      },
    },
    HEAD_BYTES,
  )
  const chunk = Buffer.from(bytes, 'latin1')
  let end = 0
  try {
    while (!isWhole && end < chunk.length) end = reader.push(chunk, end)
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error
    return { is: 'refused' }
  }
  if (head !== null && faultOf(head) !== null) return { is: 'refused' }
  if (head === null || !isWhole) return { is: 'incomplete' }
  const { method, target, minor, keepsAlive, upgrade } = head as ParsedRequest
  const isTunnel =
    method === 'CONNECT' || (method === 'GET' && upgrade?.toLowerCase() === 'websocket')
  return {
    is: 'request',
    line: `${method} ${target} 1.${minor}`,
    body,
    end,
    keepsAlive: keepsAlive && !isTunnel,
  }
}

function faultOf({ method, target, major, minor, named, fields }: ParsedRequest) {
  const versions = { httpVersion: '', httpVersionMajor: major, httpVersionMinor: minor }
  const request = { method, url: target, headers: named, rawHeaders: fields, ...versions }
  return findFault(request, 100)
}

/** Refusals that are not said of messages, but of what they ask for. */
const OF_TARGETS: ReadonlySet<string> = new Set([
  ...['target', 'escape', 'TRACE', 'CONNECT', 'handshake with body'],
])

/** The reading of one who takes RFC 9112 at its word. */
function readTheirs(bytes: string): Reading {
  const outcome = parseRequest(bytes, 0)
  if (outcome.state === 'bad') return { is: 'refused' }
  if (outcome.state === 'incomplete') return { is: 'incomplete' }
  const { method, target, minor, body, end, isLast, refusal } = outcome.message
  if (refusal !== null && !OF_TARGETS.has(refusal)) return { is: 'refused' }
  return { is: 'request', line: `${method} ${target} 1.${minor}`, body, end, keepsAlive: !isLast }
}

/** What Keyway refuses although it is clear: docs/robustness.md says why. */
function isStricter(bytes: string): boolean {
  const [line = ''] = bytes.replace(/^(?:\r\n)*/, '').split('\r\n')
  if (/ {2}/.test(line) || /(?:RTSP|ICE)\/1\.[01]$/.test(line)) return true
  return bytes.length > HEAD_BYTES
}

test('a request is to Keyway what it is to a reader of the RFC, or nothing', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (index) => {
      const { bytes } = generateCase(SEED, index)
      const theirs = readTheirs(bytes)
      const ours = readOurs(bytes)
      if (isStricter(bytes) && ours.is === 'refused') return
      // Who waits for the end of what can be no message has not taken it for one.
      const wanted = theirs.is === 'request' ? theirs : { is: expect.not.stringMatching('request') }
      expect({ bytes, ours }).toEqual({ bytes, ours: wanted })
    }),
    { seed: SEED, numRuns: 20 * RUNS },
  )
})
