import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RequestFault } from '../../src/http/message/request-fault.ts'
import { RequestReader } from '../../src/http/message/request-reader.ts'
import { ResponseFault } from '../../src/http/message/response-fault.ts'
import { ResponseReader } from '../../src/http/message/response-reader.ts'
import { generateCase } from '../fuzz/requests/generate.ts'
import { generateResponseCase } from '../fuzz/responses/generate.ts'

const RUNS = Number(process.env.PROPERTY_RUNS ?? 100)
const SEED = 20_260

/** What was heard of messages, bodies in one piece each. */
type Events = readonly (readonly unknown[])[]

class Heard {
  readonly events: unknown[][] = []

  add(...event: unknown[]): void {
    this.events.push(event)
  }

  addBody(bytes: Buffer): void {
    const last = this.events.at(-1)
    const text = bytes.toString('latin1')
    if (last?.[0] === 'body') last[1] = `${String(last[1])}${text}`
    else this.add('body', text)
  }
}

/** Bytes in pieces that end at these offsets. */
function cutAt(bytes: string, offsets: readonly number[]): Buffer[] {
  const sorted = [...new Set([0, ...offsets, bytes.length])].toSorted((a, b) => a - b)
  return sorted.slice(1).map((end, i) => Buffer.from(bytes.slice(sorted[i], end), 'latin1'))
}

function readRequests(pieces: readonly Buffer[], limit: number): Events {
  const heard = new Heard()
  const reader = new RequestReader(
    {
      onHead: (head) => heard.add('head', head),
      onBody: (bytes) => heard.addBody(bytes),
      onEnd: () => heard.add('end'),
    },
    limit,
  )
  try {
    for (const piece of pieces)
      for (let at = 0; at < piece.length && reader.mayGoOn; ) at = reader.push(piece, at)
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error
    heard.add('fault', error.code)
  }
  return heard.events
}

/** `upgrade`: as an answer to a request that asks for another protocol. */
function readResponse(
  pieces: readonly Buffer[],
  method: string,
  upgrade: 'upgrade' | null,
): Events {
  const heard = new Heard()
  const reader = new ResponseReader({
    onInterim: (head) => heard.add('interim', head),
    onHead: (head) => heard.add('head', head),
    onBody: (bytes) => heard.addBody(bytes),
    // Surplus bytes are the connection's to see where they come later.
    onEnd: () => heard.add('end'),
    onSwitch: (head) => heard.add('switch', head),
  })
  reader.expect(method, upgrade)
  try {
    for (const piece of pieces) reader.push(piece)
    reader.finish()
  } catch (error) {
    if (!(error instanceof ResponseFault)) throw error
    heard.add('fault', error.code)
  }
  return heard.events
}

/** Reads bytes whole, byte by byte, cut once at each offset (at most 200 of them) and at some drawn ones. */
function expectSame(bytes: string, drawn: readonly number[], read: (pieces: Buffer[]) => Events) {
  const whole = read(cutAt(bytes, []))
  expect(read(Array.from(bytes, (byte) => Buffer.from(byte, 'latin1')))).toEqual(whole)
  const step = Math.ceil(bytes.length / 200)
  for (let at = 1; at < bytes.length; at += step)
    expect({ at, events: read(cutAt(bytes, [at])) }).toEqual({ at, events: whole })
  const offsets = drawn.map((one) => one % (bytes.length + 1))
  expect(read(cutAt(bytes, offsets))).toEqual(whole)
}

const drawnCuts = fc.array(fc.nat(), { maxLength: 6 })

test('requests are understood alike however their bytes are cut', () => {
  const limits = fc.constantFrom(100, 200, 300, 400, 16_384)
  fc.assert(
    fc.property(fc.nat(1_000_000), limits, drawnCuts, (index, limit, drawn) => {
      const { bytes } = generateCase(SEED, index)
      expectSame(bytes, drawn, (pieces) => readRequests(pieces, limit))
    }),
    { seed: SEED, numRuns: RUNS },
  )
})

test('responses are understood alike however their bytes are cut', () => {
  const asked = fc.constantFrom('GET', 'HEAD', 'CONNECT')
  const upgrade = fc.constantFrom('upgrade' as const, null)
  fc.assert(
    fc.property(fc.nat(1_000_000), asked, upgrade, drawnCuts, (index, method, asks, drawn) => {
      for (const { bytes } of generateResponseCase(SEED, index))
        expectSame(bytes, drawn, (pieces) => readResponse(pieces, method, asks))
    }),
    { seed: SEED, numRuns: RUNS },
  )
})

/** Faults beside one another, around a limit: the first in the bytes wins. */
const parts = fc.constantFrom(
  ...['GET / HTTP/1.1\r\n', 'HTTP/1.1 200 OK\r\n', 'A: b\r\n', 'A: b\n', '\n', '\r', '\r\n', '\0'],
  ...['Content-Length: 3\r\n', 'Transfer-Encoding: chunked\r\n', '\r\n\r\n', 'abc', '\x16', ' '],
  ...['2\r\nhe\r\n', '0\r\n\r\n', '0\r\nA: b\r\n\r\n', '1;a=b\r\n', 'zz', 'x'.repeat(40)],
)

test('the first fault in the bytes wins, however they are cut', () => {
  fc.assert(
    fc.property(
      fc.array(parts, { maxLength: 9 }),
      fc.integer({ min: 20, max: 90 }),
      drawnCuts,
      (list, limit, drawn) => {
        const bytes = list.join('')
        expectSame(bytes, drawn, (pieces) => readRequests(pieces, limit))
        expectSame(bytes, drawn, (pieces) => readResponse(pieces, 'GET', null))
      },
    ),
    { seed: SEED, numRuns: 5 * RUNS },
  )
})
