import { expect, test } from 'vitest'
import {
  type OutgoingResponse,
  printResponseHead,
} from '../../src/http/message/print-response-head.ts'

const head: OutgoingResponse = {
  status: 200,
  reason: 'OK',
  fields: ['X-A', '1', 'x-b', '\xe9'],
  client: { method: 'GET', minor: 1 },
  date: null,
  keepAliveMs: 72_000,
}
const A = 'HTTP/1.1 200 OK\r\nX-A: 1\r\nx-b: \xe9\r\n'
const KEPT = 'Connection: keep-alive\r\nKeep-Alive: timeout=72\r\n'

const cases: readonly {
  readonly name: string
  readonly change: Partial<OutgoingResponse>
  readonly text: string
  readonly framing: unknown
  readonly keepsAlive: boolean
}[] = [
  {
    name: 'no length',
    change: {},
    text: `${A}${KEPT}Transfer-Encoding: chunked\r\n\r\n`,
    framing: 'chunked',
    keepsAlive: true,
  },
  {
    name: 'a length',
    change: { fields: ['content-length', '5'] },
    text: `HTTP/1.1 200 OK\r\ncontent-length: 5\r\n${KEPT}\r\n`,
    framing: 5,
    keepsAlive: true,
  },
  {
    name: 'HTTP/1.0 without a length',
    change: { client: { method: 'GET', minor: 0 } },
    text: `${A}Connection: close\r\n\r\n`,
    framing: 'close',
    keepsAlive: false,
  },
  {
    name: 'HEAD with a length',
    change: { client: { method: 'HEAD', minor: 1 }, fields: ['Content-Length', '5'] },
    text: `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n${KEPT}\r\n`,
    framing: 0,
    keepsAlive: true,
  },
  {
    name: '304',
    change: { status: 304, reason: '' },
    text: `HTTP/1.1 304 \r\nX-A: 1\r\nx-b: \xe9\r\n${KEPT}\r\n`,
    framing: 0,
    keepsAlive: true,
  },
  {
    name: 'the last one on its connection, with a date',
    change: { keepAliveMs: null, date: 'Thu, 01 Jan 1970 00:00:00 GMT' },
    text: `${A}Date: Thu, 01 Jan 1970 00:00:00 GMT\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`,
    framing: 'chunked',
    keepsAlive: false,
  },
  {
    name: 'a connection that is kept for ever',
    change: { keepAliveMs: 0, fields: ['content-length', '0'] },
    text: 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: keep-alive\r\n\r\n',
    framing: 0,
    keepsAlive: true,
  },
  {
    name: 'framing and options that fields name',
    change: { fields: ['Transfer-Encoding', 'gzip', 'Connection', 'Upgrade'], keepAliveMs: null },
    text: 'HTTP/1.1 200 OK\r\nConnection: Upgrade, close\r\nTransfer-Encoding: chunked\r\n\r\n',
    framing: 'chunked',
    keepsAlive: false,
  },
]

test.each(cases)('$name', ({ change, text, framing, keepsAlive }) => {
  expect(printResponseHead({ ...head, ...change })).toEqual({ text, framing, keepsAlive })
})

const unsendable = [
  { name: 'a line in a value', fields: ['a', 'b\r\nc: d'] },
  { name: 'a NUL', fields: ['a', '\0'] },
  { name: 'a sign beyond latin1', fields: ['a', '\u20ac'] },
  { name: 'a name that is none', fields: ['a b', 'c'] },
  { name: 'a length that is none', fields: ['content-length', '+1'] },
  { name: 'two lengths', fields: ['content-length', '1', 'Content-Length', '1'] },
]

test.each(unsendable)('not written: $name', ({ fields }) => {
  expect(() => printResponseHead({ ...head, fields })).toThrow(
    expect.objectContaining({ code: 'RESPONSE_UNSENDABLE' }),
  )
})
