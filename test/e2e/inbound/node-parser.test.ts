import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exchangeRaw } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

/** Node's own server: what it and Keyway are sent is the same, and so is what they make of it. */
let oracle: Server

beforeAll(async () => {
  oracle = createServer((request, response) => {
    request.resume().on('end', () => response.end('ok'))
  })
  oracle.listen(0, '127.0.0.1')
  await once(oracle, 'listening')
})

afterAll(() => void oracle.close())

const END = 'GET /up/end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
const get = 'GET /up/x HTTP/1.1\r\nHost: a\r\n'
const post = 'POST /up/x HTTP/1.1\r\nHost: a\r\n'
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`

/** `end` is what is sent behind; by itself a request that ends the connection. */
const rows: readonly {
  readonly name: string
  readonly bytes: string
  readonly statuses: readonly number[]
  readonly end?: string
}[] = [
  { name: 'a request', bytes: `${get}\r\n`, statuses: [200, 200] },
  { name: 'an empty line before one', bytes: `\r\n${get}\r\n`, statuses: [200, 200] },
  { name: 'white space around a value', bytes: `${get}X:  a b \t\r\n\r\n`, statuses: [200, 200] },
  { name: 'an empty value', bytes: `${get}X:\r\n\r\n`, statuses: [200, 200] },
  { name: 'bytes over 127 in a value', bytes: `${get}X: \xe9\xff\r\n\r\n`, statuses: [200, 200] },
  {
    name: 'all signs of a name',
    bytes: `${get}!#$%&'*+-.^_\`|~1A: b\r\n\r\n`,
    statuses: [200, 200],
  },
  { name: 'a length', bytes: `${post}Content-Length: 5\r\n\r\nhello`, statuses: [200, 200] },
  {
    name: 'zeros before it',
    bytes: `${post}Content-Length: 005\r\n\r\nhello`,
    statuses: [200, 200],
  },
  { name: 'chunks', bytes: `${chunked}5\r\nhello\r\n0\r\n\r\n`, statuses: [200, 200] },
  {
    name: 'a size with many zeros before it',
    bytes: `${chunked}${'0'.repeat(30)}5\r\nhello\r\n${'0'.repeat(30)}\r\n\r\n`,
    statuses: [200, 200],
  },
  {
    name: 'two waits for 100',
    bytes: `${post}Expect: 100-continue\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello`,
    statuses: [100, 200, 200],
  },
  { name: 'an extension', bytes: `${chunked}5;a="b"\r\nhello\r\n0\r\n\r\n`, statuses: [200, 200] },
  { name: 'a trailer', bytes: `${chunked}0\r\nX: y\r\n\r\n`, statuses: [200, 200] },
  { name: 'a query', bytes: 'GET /up/x?a=/%00 HTTP/1.1\r\nHost: a\r\n\r\n', statuses: [200, 200] },
  {
    name: 'an absolute target',
    bytes: 'GET http://a/up/x HTTP/1.1\r\nHost: a\r\n\r\n',
    statuses: [200, 200],
  },
  { name: 'HTTP/1.0', bytes: 'GET /up/x HTTP/1.0\r\n\r\n', statuses: [200], end: '' },
  { name: 'a close', bytes: `${get}Connection: close\r\n\r\n`, statuses: [200], end: '' },
  { name: 'no HTTP', bytes: 'hello\r\n\r\n', statuses: [400] },
  { name: 'a folded field', bytes: `${get}X: a\r\n b\r\n\r\n`, statuses: [400] },
  { name: 'a bare LF', bytes: `${get}X: a\nY: b\r\n\r\n`, statuses: [400] },
  { name: 'a bare CR', bytes: `${get}X: a\rb\r\n\r\n`, statuses: [400] },
  { name: 'a NUL', bytes: `${get}X: \0\r\n\r\n`, statuses: [400] },
  { name: 'a space before a colon', bytes: `${get}X : a\r\n\r\n`, statuses: [400] },
  { name: 'no colon', bytes: `${get}X\r\n\r\n`, statuses: [400] },
  {
    name: 'a space in a target',
    bytes: 'GET /up/x y HTTP/1.1\r\nHost: a\r\n\r\n',
    statuses: [400],
  },
  {
    name: 'a method that is no token',
    bytes: 'F@O /up/x HTTP/1.1\r\nHost: a\r\n\r\n',
    statuses: [400],
  },
  {
    name: 'two lengths',
    bytes: `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\na`,
    statuses: [400],
  },
  {
    name: 'a length and a coding',
    bytes: `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    statuses: [400],
  },
  { name: 'a length of letters', bytes: `${post}Content-Length: x\r\n\r\n`, statuses: [400] },
  { name: 'a bad size', bytes: `${chunked}x\r\n`, statuses: [400] },
  { name: 'too much data in a chunk', bytes: `${chunked}1\r\nab\r\n0\r\n\r\n`, statuses: [400] },
  {
    name: 'a head over all bounds',
    bytes: `${get}X: ${'a'.repeat(20_000)}\r\n\r\n`,
    statuses: [431],
  },
]

const statusesOf = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status))

test.each(rows)(
  'understood as Node understands it: $name',
  async ({ bytes, statuses, end = END }) => {
    const { port } = oracle.address() as AddressInfo
    const theirs = await exchangeRaw({ host: '127.0.0.1', port }, bytes + end)
    expect(statusesOf(theirs)).toEqual(statuses)
    const { address } = await startPair({ script: always(ok('ok')) })
    expect(statusesOf(await exchangeRaw(address, bytes + end))).toEqual(statuses)
  },
)

/** Where RFC 9112 lets a server choose, and Node lets through what others may read otherwise. */
const stricter = [
  { name: 'an empty line that is a bare LF', bytes: `\n${get}\r\n`, statuses: [400] },
  {
    name: 'spaces in a request line',
    bytes: 'GET  /up/x HTTP/1.1\r\nHost: a\r\n\r\n',
    statuses: [400],
  },
  { name: 'RTSP', bytes: 'GET /up/x RTSP/1.0\r\nHost: a\r\n\r\n', statuses: [400] },
  { name: 'ICE', bytes: 'GET /up/x ICE/1.0\r\nHost: a\r\n\r\n', statuses: [400] },
  { name: 'HTTP/1.2', bytes: 'GET /up/x HTTP/1.2\r\nHost: a\r\n\r\n', statuses: [505] },
  {
    name: 'a coding before chunked',
    bytes: `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    statuses: [400],
  },
  {
    name: 'chunks in HTTP/1.0',
    bytes: 'POST /up/x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    statuses: [400],
  },
  { name: 'CONNECT', bytes: 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', statuses: [405] },
]

test.each(stricter)(
  'refused, and nothing behind it is served: $name',
  async ({ bytes, statuses }) => {
    const { address, upstream } = await startPair({ script: always(ok('ok')) })
    expect(statusesOf(await exchangeRaw(address, bytes + END))).toEqual(statuses)
    expect(upstream.connections).toEqual([])
  },
)

/** Clear requests that are understood otherwise: what Node's server answers, and what is answered here. */
const otherwise: readonly {
  readonly name: string
  readonly bytes: string
  readonly theirs: readonly number[]
  readonly statuses: readonly number[]
  readonly end?: string
}[] = [
  {
    name: 'a port that is no number',
    bytes: 'GET /up/x HTTP/1.1\r\nHost: a:b\r\n\r\n',
    theirs: [200, 200],
    statuses: [400, 200],
  },
  {
    name: 'an address without its end',
    bytes: 'GET /up/x HTTP/1.1\r\nHost: [::1\r\n\r\n',
    theirs: [200, 200],
    statuses: [400, 200],
  },
  {
    name: 'white space before an extension',
    bytes: `${chunked}5 ;a\r\nhello\r\n0\r\n\r\n`,
    theirs: [400],
    statuses: [200, 200],
  },
  {
    name: 'a length in a trailer',
    bytes: `${chunked}5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n`,
    theirs: [400],
    statuses: [200, 200],
  },
  {
    name: 'an asterisk',
    bytes: 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n',
    theirs: [200, 200],
    statuses: [400, 200],
  },
  {
    name: 'another expectation',
    bytes: `${post}Expect: x\r\nContent-Length: 5\r\n\r\nhello`,
    theirs: [417, 200],
    statuses: [417],
  },
  {
    name: 'a wait for 100 without a body',
    bytes: `${post}Expect: 100-continue\r\n\r\n`,
    theirs: [100, 200, 200],
    statuses: [200, 200],
  },
  {
    name: 'a request behind one that is the last',
    bytes: `${get}Connection: close\r\n\r\n`,
    theirs: [400],
    statuses: [200],
  },
]

test.each(otherwise)(
  'understood otherwise than Node understands it: $name',
  async ({ bytes, theirs, statuses, end = END }) => {
    const { port } = oracle.address() as AddressInfo
    const oracles = await exchangeRaw({ host: '127.0.0.1', port }, bytes + end)
    expect(statusesOf(oracles)).toEqual(theirs)
    const { address } = await startPair({ script: always(ok('ok')) })
    expect(statusesOf(await exchangeRaw(address, bytes + end))).toEqual(statuses)
  },
)
