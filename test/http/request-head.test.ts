import { expect, test } from 'vitest'
import { UnsendableError } from '../../src/http/message/print-field.ts'
import { type OutgoingHead, printRequestHead } from '../../src/http/message/request-head.ts'

const head: OutgoingHead = {
  method: 'GET',
  target: '/a?b=c',
  fields: ['X-A', '1'],
  host: 'up.test',
  bodyBytes: null,
  isChunked: false,
  upgrade: null,
}

const printed = [
  {
    name: 'no body',
    change: {},
    text: 'GET /a?b=c HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\nX-A: 1\r\n\r\n',
  },
  {
    name: 'a POST without a body',
    change: { method: 'POST' },
    text: 'POST /a?b=c HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\nX-A: 1\r\ncontent-length: 0\r\n\r\n',
  },
  {
    name: 'a body',
    change: { bodyBytes: 5, fields: ['Content-Length', '005', 'X-A', '1'] },
    text: 'GET /a?b=c HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\nX-A: 1\r\ncontent-length: 5\r\n\r\n',
  },
  {
    name: 'chunks',
    change: { isChunked: true },
    text: 'GET /a?b=c HTTP/1.1\r\nhost: up.test\r\nconnection: keep-alive\r\nX-A: 1\r\ntransfer-encoding: chunked\r\n\r\n',
  },
  {
    name: 'an upgrade',
    change: { upgrade: 'websocket' },
    text: 'GET /a?b=c HTTP/1.1\r\nhost: up.test\r\nconnection: upgrade\r\nupgrade: websocket\r\nX-A: 1\r\n\r\n',
  },
  {
    name: 'a Host of its own',
    change: { fields: ['Host', 'other.test', 'X-A', '\xe9'] },
    text: 'GET /a?b=c HTTP/1.1\r\nHost: other.test\r\nconnection: keep-alive\r\nX-A: \xe9\r\n\r\n',
  },
]

test.each(printed)('$name', ({ change, text }) => {
  expect(printRequestHead({ ...head, ...change })).toBe(text)
})

test.each([
  { name: 'a line end in a value', change: { fields: ['X-A', '1\r\nX-B: 2'] } },
  { name: 'NUL in a value', change: { fields: ['X-A', '\0'] } },
  { name: 'a character beyond latin1', change: { fields: ['X-A', '€'] } },
  { name: 'no name', change: { fields: ['', '1'] } },
  { name: 'a colon in a name', change: { fields: ['X:A', '1'] } },
  { name: 'a space in the target', change: { target: '/a b' } },
  { name: 'a line end in the target', change: { target: '/a\r\n' } },
  { name: 'a space in the method', change: { method: 'GET /x' } },
])('$name: nothing is written', ({ change }) => {
  expect(() => printRequestHead({ ...head, ...change })).toThrow(UnsendableError)
})
