import { expect, test } from 'vitest'
import type { ResponseFault } from '../../src/http/message/response-fault.ts'
import type { ResponseHead } from '../../src/http/message/response-head.ts'
import { ResponseReader } from '../../src/http/message/response-reader.ts'

interface Heard {
  readonly interims: number[]
  readonly heads: ResponseHead[]
  body: string
  ends: number
  switched: string | null
}

/** Reads bytes in pieces, up to the connection's end; what was heard, and the fault. */
function read(bytes: string, cut: number, method = 'GET', ends = false) {
  const heard: Heard = { interims: [], heads: [], body: '', ends: 0, switched: null }
  const reader = new ResponseReader({
    onInterim: ({ status }) => void heard.interims.push(status),
    onHead: (head) => void heard.heads.push(head),
    onBody(piece) {
      heard.body += piece.toString('latin1')
    },
    onEnd() {
      heard.ends += 1
    },
    onSwitch(_head, rest) {
      heard.switched = rest.toString('latin1')
    },
  })
  reader.expect(method, method === 'UPGRADE' ? 'upgrade' : null)
  let fault: string | null = null
  try {
    for (let at = 0; at < bytes.length; at += cut)
      reader.push(Buffer.from(bytes.slice(at, at + cut), 'latin1'))
    if (ends) reader.finish()
  } catch (error) {
    fault = (error as ResponseFault).code
  }
  return { ...heard, fault, mayGoOn: reader.mayGoOn }
}

const OK = 'HTTP/1.1 200 OK\r\n'
const LENGTH = `${OK}Content-Length: 5\r\n\r\n`
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`

const good = [
  { name: 'a length', bytes: `${LENGTH}hello`, body: 'hello', mayGoOn: true },
  { name: 'a length of nothing', bytes: `${OK}Content-Length: 0\r\n\r\n`, body: '', mayGoOn: true },
  {
    name: 'chunks',
    bytes: `${CHUNKED}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`,
    body: 'hello',
    mayGoOn: true,
  },
  {
    name: 'chunks with extensions',
    bytes: `${CHUNKED}5 ;a="b\xe9"\r\nhello\r\n0;x\r\n\r\n`,
    body: 'hello',
    mayGoOn: true,
  },
  {
    name: 'a size with zeros before it',
    bytes: `${CHUNKED}0005\r\nhello\r\n000\r\n\r\n`,
    body: 'hello',
    mayGoOn: true,
  },
  {
    name: 'a trailer',
    bytes: `${CHUNKED}5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`,
    body: 'hello',
    mayGoOn: true,
  },
  {
    name: 'a trailer that belongs in none',
    bytes: `${CHUNKED}5\r\nhello\r\n0\r\nConnection: close\r\n\r\n`,
    body: 'hello',
    mayGoOn: false,
  },
  {
    name: 'Connection: close',
    bytes: `${OK}connection: x, Close\r\nContent-Length: 5\r\n\r\nhello`,
    body: 'hello',
    mayGoOn: false,
  },
  {
    name: 'HTTP/1.0',
    bytes: 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello',
    body: 'hello',
    mayGoOn: false,
  },
  {
    name: 'HTTP/1.0, kept',
    bytes: 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello',
    body: 'hello',
    mayGoOn: true,
  },
  {
    name: 'HTTP/1.0, kept and closed',
    bytes: 'HTTP/1.0 200 OK\r\nConnection: close, keep-alive\r\nContent-Length: 5\r\n\r\nhello',
    body: 'hello',
    mayGoOn: false,
  },
  {
    name: 'HTTP/1.0 with chunks',
    bytes:
      'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
    body: 'hello',
    mayGoOn: false,
  },
  {
    name: 'Keep-Alive: timeout=0',
    bytes: `${OK}Keep-Alive: timeout=0\r\nContent-Length: 5\r\n\r\nhello`,
    body: 'hello',
    mayGoOn: false,
  },
  {
    name: 'no reason and no space',
    bytes: 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello',
    body: 'hello',
    mayGoOn: true,
  },
  {
    name: 'any bytes in the reason',
    bytes: 'HTTP/1.1 200 \0\xff\r\nContent-Length: 5\r\n\r\nhello',
    body: 'hello',
    mayGoOn: true,
  },
  { name: 'empty lines before', bytes: `\r\n\r\n${LENGTH}hello`, body: 'hello', mayGoOn: true },
  {
    name: 'a second answer behind',
    bytes: `${LENGTH}hello${LENGTH}again`,
    body: 'hello',
    mayGoOn: false,
  },
]

test.each(good)('$name: whole, however it is cut', ({ bytes, body, mayGoOn }) => {
  for (const cut of [1, 2, 3, 7, 50, bytes.length]) {
    const heard = read(bytes, cut)
    const wanted = cut === bytes.length ? mayGoOn : heard.mayGoOn
    expect(heard).toMatchObject({ fault: null, body, ends: 1, mayGoOn: wanted })
  }
})

test.each([
  { name: 'HEAD', method: 'HEAD', bytes: LENGTH },
  { name: '204', method: 'GET', bytes: 'HTTP/1.1 204 N\r\nContent-Length: 5\r\n\r\n' },
  { name: '304', method: 'GET', bytes: 'HTTP/1.1 304 N\r\nTransfer-Encoding: chunked\r\n\r\n' },
])('$name: no body, whatever its fields say', ({ method, bytes }) => {
  expect(read(bytes, bytes.length, method)).toMatchObject({ body: '', ends: 1, mayGoOn: true })
})

test('a body that ends with the connection', () => {
  const bytes = `${OK}\r\nhello`
  expect(read(bytes, 4)).toMatchObject({ body: 'hello', ends: 0 })
  expect(read(bytes, 4, 'GET', true)).toMatchObject({ body: 'hello', ends: 1, mayGoOn: false })
})

test('interim responses come before the final one', () => {
  const bytes = `HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\r\nLink: <a>\r\n\r\n${LENGTH}hello`
  expect(read(bytes, 5)).toMatchObject({ interims: [100, 103], body: 'hello', ends: 1 })
})

test('101 to who asked for it', () => {
  const bytes = 'HTTP/1.1 101 S\r\nUpgrade: WebSocket\r\n\r\nframes'
  expect(read(bytes, bytes.length, 'UPGRADE')).toMatchObject({ switched: 'frames', fault: null })
  expect(read(bytes, bytes.length)).toMatchObject({ switched: null, fault: 'RESPONSE_SWITCHED' })
  const other = bytes.replace('WebSocket', 'h2c')
  expect(read(other, other.length, 'UPGRADE')).toMatchObject({ fault: 'RESPONSE_SWITCHED' })
})

const bad = [
  { name: 'no HTTP', bytes: 'SSH-2.0-x\r\n\r\n', fault: 'RESPONSE_STATUS_LINE' },
  { name: 'HTTP/2.0', bytes: 'HTTP/2.0 200 OK\r\n\r\n', fault: 'RESPONSE_STATUS_LINE' },
  { name: 'two spaces', bytes: 'HTTP/1.1  200 OK\r\n\r\n', fault: 'RESPONSE_STATUS_LINE' },
  {
    name: 'a status of four digits',
    bytes: 'HTTP/1.1 2000 OK\r\n\r\n',
    fault: 'RESPONSE_STATUS_LINE',
  },
  { name: 'a status under 100', bytes: 'HTTP/1.1 099 OK\r\n\r\n', fault: 'RESPONSE_STATUS_LINE' },
  {
    name: 'CR CR behind the status line',
    bytes: 'HTTP/1.1 200 OK\r\r\n\r\n',
    fault: 'RESPONSE_STATUS_LINE',
  },
  {
    name: 'lines that end in LF',
    bytes: 'HTTP/1.1 200 OK\nContent-Length: 0\n\n',
    fault: 'RESPONSE_FIELD',
  },
  { name: 'a folded field', bytes: `${OK}X: a\r\n b\r\n\r\n`, fault: 'RESPONSE_FIELD' },
  { name: 'a folded first field', bytes: `${OK} X: a\r\n\r\n`, fault: 'RESPONSE_FIELD' },
  { name: 'NUL in a value', bytes: `${OK}X: a\0b\r\n\r\n`, fault: 'RESPONSE_FIELD' },
  { name: 'a bare CR in a value', bytes: `${OK}X: a\rb\r\n\r\n`, fault: 'RESPONSE_FIELD' },
  { name: 'white space before the colon', bytes: `${OK}X : a\r\n\r\n`, fault: 'RESPONSE_FIELD' },
  { name: 'a line without a colon', bytes: `${OK}X\r\nY: a\r\n\r\n`, fault: 'RESPONSE_FIELD' },
  { name: 'no name', bytes: `${OK}: a\r\n\r\n`, fault: 'RESPONSE_FIELD' },
  {
    name: 'two lengths',
    bytes: `${OK}Content-Length: 5\r\nContent-Length: 5\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'a list of lengths',
    bytes: `${OK}Content-Length: 5, 5\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'a length with a sign',
    bytes: `${OK}Content-Length: +5\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'no length where one is said',
    bytes: `${OK}Content-Length:\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'a length over what a number holds',
    bytes: `${OK}Content-Length: 99999999999999999999\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'a length and chunks',
    bytes: `${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'another coding',
    bytes: `${OK}Transfer-Encoding: gzip, chunked\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'chunked twice',
    bytes: `${OK}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  {
    name: 'a tab behind chunked',
    bytes: `${OK}Transfer-Encoding: chunked\t\r\n\r\n`,
    fault: 'RESPONSE_FRAMING',
  },
  { name: 'a size that is none', bytes: `${CHUNKED}x\r\n`, fault: 'RESPONSE_CHUNK' },
  { name: 'no size', bytes: `${CHUNKED}\r\n`, fault: 'RESPONSE_CHUNK' },
  { name: 'a size with a sign', bytes: `${CHUNKED}-5\r\n`, fault: 'RESPONSE_CHUNK' },
  {
    name: 'a size over what a number holds',
    bytes: `${CHUNKED}fffffffffffffff\r\n`,
    fault: 'RESPONSE_CHUNK',
  },
  { name: 'a space behind the size', bytes: `${CHUNKED}5 \r\nhello`, fault: 'RESPONSE_CHUNK' },
  { name: 'a size line that ends in LF', bytes: `${CHUNKED}5\nhello`, fault: 'RESPONSE_CHUNK' },
  {
    name: 'a chunk longer than its size',
    bytes: `${CHUNKED}3\r\nhello\r\n`,
    fault: 'RESPONSE_CHUNK',
  },
  {
    name: 'a long extension',
    bytes: `${CHUNKED}5;${'a'.repeat(5_000)}\r\n`,
    fault: 'RESPONSE_CHUNK',
  },
  { name: 'a control in an extension', bytes: `${CHUNKED}5;a\0\r\n`, fault: 'RESPONSE_CHUNK' },
  {
    name: 'a folded trailer',
    bytes: `${CHUNKED}0\r\nX: a\r\n b\r\n\r\n`,
    fault: 'RESPONSE_TRAILER',
  },
  {
    name: 'a trailer line that ends in LF',
    bytes: `${CHUNKED}0\r\nX: a\n\r\n`,
    fault: 'RESPONSE_TRAILER',
  },
  {
    name: 'a trailer without end',
    bytes: `${CHUNKED}0\r\nX: ${'a'.repeat(70_000)}`,
    fault: 'RESPONSE_TRAILER',
  },
  {
    name: 'a status line without end',
    bytes: `HTTP/1.1 200 ${'a'.repeat(70_000)}`,
    fault: 'RESPONSE_HEAD_TOO_LONG',
  },
  {
    name: 'a head without end',
    bytes: `${OK}X: ${'a'.repeat(70_000)}`,
    fault: 'RESPONSE_HEAD_TOO_LONG',
  },
  {
    name: 'empty lines without end',
    bytes: '\r\n'.repeat(40_000),
    fault: 'RESPONSE_HEAD_TOO_LONG',
  },
  {
    name: '101 interim responses',
    bytes: 'HTTP/1.1 103 E\r\n\r\n'.repeat(101),
    fault: 'RESPONSE_INTERIM_FLOOD',
  },
  {
    name: 'long interim responses',
    bytes: `HTTP/1.1 103 E\r\nX: ${'a'.repeat(30_000)}\r\n\r\n`.repeat(3),
    fault: 'RESPONSE_INTERIM_FLOOD',
  },
]

test.each(bad)('$name: a fault, however it is cut', ({ bytes, fault }) => {
  const cuts = bytes.length > 1_000 ? [997, bytes.length] : [1, 2, 3, 7, bytes.length]
  for (const cut of cuts) expect(read(bytes, cut)).toMatchObject({ fault, ends: 0 })
})

test.each([
  { name: 'amid the head', bytes: OK },
  { name: 'amid a length', bytes: `${LENGTH}hell` },
  { name: 'amid chunks', bytes: `${CHUNKED}5\r\nhello\r\n` },
  { name: 'before the empty line of the trailer', bytes: `${CHUNKED}0\r\n` },
])('the connection ends $name: cut', ({ bytes }) => {
  expect(read(bytes, bytes.length, 'GET', true)).toMatchObject({ fault: 'RESPONSE_CUT', ends: 0 })
})

test('what came before a malformed chunk is passed on', () => {
  const bytes = `${CHUNKED}3\r\nabc\r\nx`
  expect(read(bytes, bytes.length)).toMatchObject({ body: 'abc', fault: 'RESPONSE_CHUNK' })
})

test('hop-by-hop fields and those that Connection names are left out', () => {
  const fields =
    'X-A: 1\r\nConnection: X-B, close\r\nx-b: 2\r\nKeep-Alive: timeout=5\r\nTE: x\r\nSet-Cookie: a\r\nset-cookie: b\r\n'
  const { heads } = read(`${OK}${fields}Content-Length: 0\r\n\r\n`, 9)
  expect(heads[0]?.fields).toEqual([
    'X-A',
    '1',
    'Set-Cookie',
    'a',
    'set-cookie',
    'b',
    'Content-Length',
    '0',
  ])
  expect(heads[0]?.keepAliveMs).toBe(5_000)
})

test('what is no HTTP is a fault with its first byte: its sender may be waiting for ours', () => {
  expect(read('S', 1)).toMatchObject({ fault: 'RESPONSE_STATUS_LINE' })
  expect(read('\r\nS', 1)).toMatchObject({ fault: 'RESPONSE_STATUS_LINE' })
  expect(read('H', 1)).toMatchObject({ fault: null })
})

test.each([
  { name: 'with its head', bytes: `${LENGTH}hello`, isAtHand: true },
  { name: 'but its last byte', bytes: `${LENGTH}hell`, isAtHand: false },
  { name: 'that has no body', method: 'HEAD', bytes: LENGTH, isAtHand: true },
  { name: 'in chunks', bytes: `${CHUNKED}0\r\n\r\n`, isAtHand: false },
  { name: 'to the end of its connection', bytes: `${OK}\r\nhello`, isAtHand: false },
])('a response came $name', ({ method = 'GET', bytes, isAtHand }) => {
  let told: boolean | null = null
  const onHead = (): void => {
    told = reader.isAtHand
  }
  const nothing = { onInterim() {}, onBody() {}, onEnd() {}, onSwitch() {} }
  const reader = new ResponseReader({ ...nothing, onHead })
  reader.expect(method, null)
  reader.push(Buffer.from(bytes))
  expect(told).toBe(isAtHand)
})
