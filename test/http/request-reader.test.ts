import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ParsedRequest } from '../../src/http/message/parse-request-head.ts'
import { RequestFault } from '../../src/http/message/request-fault.ts'
import { RequestReader } from '../../src/http/message/request-reader.ts'

interface Heard {
  readonly heads: ParsedRequest[]
  readonly bodies: string[]
  ends: number
}

/** Reads bytes in pieces, each request from where the one before it ended; what was heard, and the fault. */
function read(bytes: string, cut: number, limit = 1024) {
  const heard: Heard = { heads: [], bodies: [], ends: 0 }
  const reader = new RequestReader(
    {
      onHead(head) {
        heard.heads.push(head)
        heard.bodies.push('')
      },
      onBody(piece) {
        heard.bodies[heard.bodies.length - 1] += piece.toString('latin1')
      },
      onEnd() {
        heard.ends += 1
      },
    },
    limit,
  )
  let fault: string | null = null
  try {
    for (let at = 0; at < bytes.length; at += cut) {
      const piece = Buffer.from(bytes.slice(at, at + cut), 'latin1')
      for (let next = 0; next < piece.length && reader.mayGoOn; ) next = reader.push(piece, next)
    }
  } catch (error) {
    fault = (error as RequestFault).code
  }
  return { ...heard, fault, mayGoOn: reader.mayGoOn, isBetween: reader.isBetween }
}

const cuts = [1, 2, 3, 7, 100_000]
const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\n'

const good = [
  {
    name: 'a method that nobody knows',
    bytes: `FOO /x HTTP/1.1\r\nHost: a\r\n\r\n${GET}`,
    bodies: ['', ''],
  },
  { name: 'no body', bytes: GET, bodies: [''] },
  { name: 'two behind one another', bytes: GET + GET, bodies: ['', ''] },
  { name: 'empty lines before and between', bytes: `\r\n\r\n${GET}\r\n${GET}`, bodies: ['', ''] },
  { name: 'a length', bytes: `${POST}Content-Length: 5\r\n\r\nhello${GET}`, bodies: ['hello', ''] },
  {
    name: 'a length of nothing',
    bytes: `${POST}Content-Length: 0\r\n\r\n${GET}`,
    bodies: ['', ''],
  },
  {
    name: 'chunks, an extension and a trailer',
    bytes: `${POST}Transfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nA: 1\r\n\r\n${GET}`,
    bodies: ['hello', ''],
  },
  {
    name: 'a trailer that belongs in none',
    bytes: `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n${GET}`,
    bodies: ['', ''],
  },
  {
    name: 'a body that looks like a request',
    bytes: `${POST}Content-Length: ${GET.length}\r\n\r\n${GET}${GET}`,
    bodies: [GET, ''],
  },
]

test.each(good)('$name', ({ bytes, bodies }) => {
  for (const cut of cuts)
    expect(read(bytes, cut)).toMatchObject({
      bodies,
      ends: bodies.length,
      fault: null,
      mayGoOn: true,
      isBetween: true,
    })
})

test('what came before a fault in a body is told of, in whatever pieces it came', () => {
  const bytes = `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nz`
  for (const cut of cuts)
    expect(read(bytes, cut)).toMatchObject({ bodies: ['hello'], ends: 0, fault: 'bad_body' })
})

test('fields that are asked for by name are all of that name', () => {
  const twice = ['Expect', 'X-Request-ID', 'traceparent', 'Tracestate']
  const lines = twice.map((name) => `${name}: a\r\n${name.toUpperCase()}: b\r\n`).join('')
  expect(read(`GET / HTTP/1.1\r\nHost: a\r\n${lines}\r\n`, 100_000).heads[0]?.named).toMatchObject({
    expect: 'a, b',
    'x-request-id': 'a, b',
    traceparent: 'a, b',
    tracestate: 'a, b',
  })
})

const faults = [
  { name: 'a bare LF as an empty line', bytes: `\n${GET}`, fault: 'bad_message' },
  { name: 'a bare CR as an empty line', bytes: `\r${GET}`, fault: 'bad_message' },
  { name: 'two spaces', bytes: 'GET  /x HTTP/1.1\r\nHost: a\r\n\r\n', fault: 'bad_message' },
  { name: 'a tab', bytes: 'GET\t/x HTTP/1.1\r\nHost: a\r\n\r\n', fault: 'bad_message' },
  { name: 'a space behind the version', bytes: 'GET /x HTTP/1.1 \r\n\r\n', fault: 'bad_message' },
  { name: 'RTSP', bytes: 'GET /x RTSP/1.0\r\n\r\n', fault: 'bad_message' },
  { name: 'ICE', bytes: 'GET /x ICE/1.0\r\n\r\n', fault: 'bad_message' },
  { name: 'http in small letters', bytes: 'GET /x http/1.1\r\n\r\n', fault: 'bad_message' },
  { name: 'a method that is no token', bytes: 'F@O /x HTTP/1.1\r\n\r\n', fault: 'bad_message' },
  { name: 'the beginning of a TLS handshake', bytes: '\x16\x03\x01\x02', fault: 'tls_unexpected' },
  { name: 'one behind an empty line', bytes: '\r\n\x16\x03\x01\x02', fault: 'bad_message' },
  { name: 'a NUL in a value', bytes: `${POST}X: \0\r\n\r\n`, fault: 'bad_message' },
  { name: 'a folded field', bytes: `${POST}X: a\r\n b\r\n\r\n`, fault: 'bad_message' },
  { name: 'a space before a colon', bytes: `${POST}X : a\r\n\r\n`, fault: 'bad_message' },
  { name: 'a field that ends in LF', bytes: `${POST}X: a\nY: b\r\n\r\n`, fault: 'bad_message' },
  {
    name: 'a length and a coding',
    bytes: `${POST}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`,
    fault: 'bad_message',
  },
  {
    name: 'one length twice',
    bytes: `${POST}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
    fault: 'bad_message',
  },
  { name: 'a length of -1', bytes: `${POST}Content-Length: -1\r\n\r\n`, fault: 'bad_message' },
  { name: 'a length of 1e1', bytes: `${POST}Content-Length: 1e1\r\n\r\n`, fault: 'bad_message' },
  {
    name: 'a length over all bounds',
    bytes: `${POST}Content-Length: 9007199254740992\r\n\r\n`,
    fault: 'bad_message',
  },
  { name: 'a long head', bytes: `${POST}X: ${'a'.repeat(1024)}`, fault: 'headers_too_large' },
  { name: 'empty lines without end', bytes: '\r\n'.repeat(600), fault: 'headers_too_large' },
  {
    name: 'a bad size',
    bytes: `${POST}Transfer-Encoding: chunked\r\n\r\nx\r\n`,
    fault: 'bad_body',
  },
  {
    name: 'a long trailer',
    bytes: `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\nA: ${'a'.repeat(1024)}`,
    fault: 'bad_body',
  },
  {
    name: 'a long extension',
    bytes: `${POST}Transfer-Encoding: chunked\r\n\r\n1;${'a'.repeat(5_000)}`,
    fault: 'chunk_extensions_too_large',
  },
]

test.each(faults)('$name is a fault, however it is cut', ({ bytes, fault }) => {
  for (const cut of cuts) expect(read(bytes, cut)).toMatchObject({ fault, ends: 0 })
})

const LIMITED = 'GET /x HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n'

test.each([
  { name: 'as long as it may be', bytes: 1024, fault: null, ends: 1 },
  { name: 'a byte longer', bytes: 1025, fault: 'headers_too_large', ends: 0 },
])('a head $name, empty lines before it counted', ({ bytes, fault, ends }) => {
  const padded = LIMITED.replace('X: ', `X: ${'a'.repeat(bytes - 4 - LIMITED.length)}`)
  for (const cut of cuts) expect(read(`\r\n\r\n${padded}`, cut)).toMatchObject({ fault, ends })
})

const unclear = [
  { name: 'no version', bytes: 'GET /x\r\n\r\n', version: [0, 9] },
  { name: 'HTTP/1.2', bytes: 'GET /x HTTP/1.2\r\nHost: a\r\n\r\n', version: [1, 2] },
  { name: 'HTTP/2.0', bytes: 'GET /x HTTP/2.0\r\nHost: a\r\n\r\n', version: [2, 0] },
  { name: 'gzip', bytes: `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n`, version: [1, 1] },
  {
    name: 'chunked twice',
    bytes: `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    fault: 'bad_message',
  },
  { name: 'an empty coding', bytes: `${POST}Transfer-Encoding:\r\n\r\n`, version: [1, 1] },
  {
    name: 'a tab behind chunked',
    bytes: `${POST}Transfer-Encoding: chunked\t\r\n\r\n`,
    version: [1, 1],
  },
  {
    name: 'chunks in HTTP/1.0',
    bytes: 'POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n',
    version: [1, 0],
  },
]

test.each(unclear)('$name: nothing behind it is read', ({ bytes, version, fault = null }) => {
  for (const cut of cuts) {
    const heard = read(`${bytes}${GET}`, cut)
    expect(heard.fault).toBe(fault)
    expect(heard.ends).toBe(0)
    const heads = version === undefined ? [] : [{ framing: 'unclear' }]
    expect(heard.heads).toMatchObject(heads)
    expect(heard.heads.map(({ major, minor }) => [major, minor])).toEqual(
      version === undefined ? [] : [version],
    )
  }
})

test('a head says all that was asked', () => {
  const bytes =
    'GET http://a/b?c HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nexpect: x\r\nX-Request-Id: 1\r\nx-request-id: 2\r\nTE: trailers\r\n\r\n'
  expect(read(bytes, 7).heads).toEqual([
    {
      method: 'GET',
      target: 'http://a/b?c',
      major: 1,
      minor: 1,
      fields: [
        ...['Host', 'a', 'Connection', 'Upgrade, close', 'Upgrade', 'websocket', 'expect', 'x'],
        ...['X-Request-Id', '1', 'x-request-id', '2', 'TE', 'trailers'],
      ],
      named: {
        connection: 'upgrade, close',
        'content-length': undefined,
        'transfer-encoding': undefined,
        upgrade: 'websocket',
        expect: 'x',
        'x-request-id': '1, 2',
      },
      framing: 0,
      keepsAlive: false,
      upgrade: 'websocket',
    },
  ])
})

const lives = [
  { name: 'HTTP/1.1', bytes: GET, keepsAlive: true, upgrade: null },
  {
    name: 'HTTP/1.1 with close',
    bytes: `${POST}Connection: x, Close\r\n\r\n`,
    keepsAlive: false,
    upgrade: null,
  },
  { name: 'HTTP/1.0', bytes: 'GET /x HTTP/1.0\r\n\r\n', keepsAlive: false, upgrade: null },
  {
    name: 'HTTP/1.0, kept, and no upgrade',
    bytes: 'GET /x HTTP/1.0\r\nConnection: keep-alive, upgrade\r\nUpgrade: websocket\r\n\r\n',
    keepsAlive: true,
    upgrade: null,
  },
  {
    name: 'HTTP/1.0, kept and closed',
    bytes: 'GET /x HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n',
    keepsAlive: false,
    upgrade: null,
  },
  {
    name: 'an Upgrade that Connection does not name',
    bytes: `${POST}Upgrade: websocket\r\n\r\n`,
    keepsAlive: true,
    upgrade: null,
  },
]

test.each(lives)('how the connection goes on: $name', ({ bytes, keepsAlive, upgrade }) => {
  expect(read(bytes, 100).heads).toMatchObject([{ keepsAlive, upgrade }])
})

test('what comes behind a fault or a stop is dropped, so that nobody offers it again and again', () => {
  const reader = new RequestReader({ onHead() {}, onBody() {}, onEnd() {} }, 1024)
  reader.push(Buffer.from(`${POST}Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n`), 0)
  expect(() => reader.push(Buffer.from('zz\r\n'), 0)).toThrow(RequestFault)
  reader.stop()
  expect(reader.push(Buffer.from(GET), 0)).toBe(GET.length)
  expect(reader.push(Buffer.from(GET), 5)).toBe(GET.length)
})

test('whatever comes, however it is cut, each call takes a byte at least or throws', () => {
  const part = fc.constantFrom(
    ...[GET, POST, 'Content-Length: 3\r\n', 'Transfer-Encoding: chunked\r\n', '\r\n', '\n', '\r'],
    ...[
      'abc',
      '2\r\nhe\r\n',
      '0\r\n\r\n',
      'zz',
      'GET / HTTP/1.2\r\n',
      'Transfer-Encoding: gzip\r\n',
    ],
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 1 }), fc.integer({ min: 1, max: 40 }), (parts, cut) => {
      const bytes = Buffer.from(parts.join(''))
      const reader = new RequestReader({ onHead() {}, onBody() {}, onEnd() {} }, 256)
      for (let at = 0; at < bytes.length; at += cut) {
        // A copy, as chunks are moved together in what is read.
        const piece = Buffer.from(bytes.subarray(at, at + cut))
        for (let next = 0; next < piece.length; ) {
          const before = next
          next = pushOrStop(reader, piece, next)
          expect(next).toBeGreaterThan(before)
        }
      }
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  { name: 'with its head', bytes: `${POST}Content-Length: 5\r\n\r\nhello`, isAtHand: true },
  { name: 'and more', bytes: `${POST}Content-Length: 5\r\n\r\nhello${GET}`, isAtHand: true },
  { name: 'but its last byte', bytes: `${POST}Content-Length: 5\r\n\r\nhell`, isAtHand: false },
  {
    name: 'in chunks',
    bytes: `${POST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    isAtHand: false,
  },
])('a body came $name', ({ bytes, isAtHand }) => {
  let told: boolean | null = null
  const onHead = (): void => {
    told ??= reader.hasBodyAtHand
  }
  const reader = new RequestReader({ onHead, onBody() {}, onEnd() {} }, 1024)
  reader.push(Buffer.from(bytes), 0)
  expect(told).toBe(isAtHand)
})

/** As a connection does: behind a fault it goes on with what still comes. */
function pushOrStop(reader: RequestReader, piece: Buffer, start: number): number {
  try {
    return reader.push(piece, start)
  } catch (error) {
    expect(error).toBeInstanceOf(RequestFault)
    reader.stop()
    return piece.length
  }
}
