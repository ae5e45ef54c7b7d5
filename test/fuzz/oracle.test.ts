import { expect, test } from 'vitest'
import { parseRequest, parseRequests } from './parse-request.ts'
import { parseResponse } from './parse-response.ts'
import { checkUpstreamRequest } from './requests/check-upstream-request.ts'
import { generateCase } from './requests/generate.ts'
import { createLedger, type Entry } from './requests/ledger.ts'
import { generateResponseCase } from './responses/generate.ts'

const get = 'GET /up/a HTTP/1.1\r\nHost: h\r\n'
const post = 'POST /up/a HTTP/1.1\r\nHost: h\r\n'

const refused = [
  {
    name: 'length and coding',
    bytes: `${post}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  { name: 'two lengths', bytes: `${post}Content-Length: 1\r\nContent-Length: 1\r\n\r\na` },
  { name: 'a signed length', bytes: `${post}Content-Length: +1\r\n\r\na` },
  { name: 'an odd coding', bytes: `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n` },
  {
    name: 'chunked in HTTP/1.0',
    bytes: 'POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
  { name: 'a folded field', bytes: `${get}X: a\r\n b\r\n\r\n` },
  { name: 'a bare LF', bytes: `${get}X: a\nY: b\r\n\r\n` },
  { name: 'NUL', bytes: `${get}X: \0\r\n\r\n` },
  { name: 'a space before the colon', bytes: `${get}X : a\r\n\r\n` },
  {
    name: 'a bad chunk size',
    bytes: `${post}Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n`,
  },
  {
    name: 'a chunk that is too long',
    bytes: `${post}Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n`,
  },
]

test.each(refused)('the reader refuses $name', ({ bytes }) => {
  expect(parseRequest(bytes, 0).state).toBe('bad')
})

test('the reader tells pipelined requests and their bodies apart', () => {
  const bytes = `${post}Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhi\r\n0\r\nX: y\r\n\r\n${get}\r\nrest`
  const { requests, isClear } = parseRequests(bytes)
  expect(requests.map(({ method, body }) => [method, body])).toEqual([
    ['POST', 'hi'],
    ['GET', ''],
  ])
  expect(isClear).toBe(false)
})

test('the reader takes what stands behind a handshake for a request only where that had a body', () => {
  const handshake = `${get}Connection: Upgrade\r\nUpgrade: websocket\r\n`
  const read = (framing: string): unknown =>
    parseRequests(`${handshake}${framing}\r\n${get}\r\n`).requests.map(({ refusal }) => refusal)
  expect(read('')).toEqual([null])
  expect(read('Transfer-Encoding: chunked\r\n\r\n0\r\n')).toEqual(['handshake with body', null])
})

test('the reader ends a body with the connection only where that ended', () => {
  const bytes = 'HTTP/1.1 200 OK\r\n\r\nabc'
  const states = (['open', 'ended', 'reset'] as const).map(
    (state) => parseResponse(bytes, 0, 'GET', state).state,
  )
  expect(states).toEqual(['incomplete', 'message', 'bad'])
})

const key = 'sk-ant-api03-FAKE-a'
const host = '127.0.0.1:1'
const right = `GET /a HTTP/1.1\r\nhost: ${host}\r\nx-api-key: ${key}\r\nX-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: https\r\n`

const planted = [
  { name: 'nothing', got: `${right}\r\n`, faults: [] },
  {
    name: 'a second credential',
    got: `${right}Authorization: Bearer ${key}\r\n\r\n`,
    faults: ['two credentials'],
  },
  {
    name: 'another key',
    got: `${right.replace(key, `${key}b`)}\r\n`,
    faults: ["another request's credential"],
  },
  {
    name: 'another place',
    got: `${right.replace('x-api-key', 'api-key')}\r\n`,
    faults: ['the credential in another place than x-api-key'],
  },
  {
    name: 'no credential',
    got: `${right.replace(/x-api-key.*\r\n/, '')}\r\n`,
    faults: ['the credential is lost'],
  },
  {
    name: 'another host',
    got: `${right.replace(host, 'evil')}\r\n`,
    faults: ['another Host than the upstream'],
  },
  {
    name: 'a scheme that the client did not come by',
    got: `${right.replace('https', 'http')}\r\n`,
    faults: ['another X-Forwarded-Proto than the client came by'],
  },
  {
    name: 'a hop-by-hop field',
    got: `${right}TE: trailers\r\n\r\n`,
    faults: ['a hop-by-hop field: te'],
  },
  {
    name: 'a body',
    got: `${right}Content-Length: 1\r\n\r\nx`,
    faults: ['another body than the client sent'],
  },
]

test.each(planted)('the check sees $name', ({ got, faults }) => {
  const sent = parseRequests(`${get}Authorization: Bearer ${key}\r\n\r\n`).requests[0]
  const entry = {
    id: 'e',
    caseIndex: 0,
    request: sent,
    isTagged: true,
    isPlain: true,
    executions: 0,
  }
  const outcome = parseRequest(got, 0)
  if (outcome.state !== 'message') throw new Error(outcome.state)
  const expected = { host, protocol: 'https' }
  expect(checkUpstreamRequest(outcome.message, entry as Entry, expected)).toEqual(faults)
})

test('a case is the same for the same seed and number, whatever came before it', () => {
  for (const index of [0, 7, 100]) {
    expect(generateCase(3, index)).toEqual(generateCase(3, index))
    expect(generateResponseCase(3, index)).toEqual(generateResponseCase(3, index))
  }
  expect(generateCase(3, 1).bytes).not.toBe(generateCase(4, 1).bytes)
})

test('the ledger knows a request by what the upstream will see of it', () => {
  const ledger = createLedger()
  const bytes = 'GET http://h/up/t1z/x?y HTTP/1.1\r\nHost: h\r\n\r\n'
  const subject = {
    index: 1,
    bytes,
    cuts: [],
    ending: 'wait' as const,
    plain: new Set(['t1z']),
    attacks: [],
  }
  const { entries } = ledger.enter(subject)
  expect(ledger.find('GET', '/t1z/x?y')).toEqual(entries)
  expect(ledger.find('GET', '/up/t1z/x?y')).toEqual([])
})
