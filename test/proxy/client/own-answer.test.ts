import { once } from 'node:events'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'
import { type OwnAnswer, renderAnswer } from '../../../src/proxy/client/own-answer.ts'
import {
  printAnswer,
  printableReason,
  relayInformation,
  resetSocket,
  sendAnswer,
} from '../../../src/proxy/client/own-response.ts'

const answer = (status: number, errors: OwnAnswer['errors']): OwnAnswer =>
  ({ status, code: 'no_route', message: 'Words.', errors }) as OwnAnswer

test.each([
  { status: 400, anthropic: 'invalid_request_error', openai: 'invalid_request_error' },
  { status: 401, anthropic: 'authentication_error', openai: 'authentication_error' },
  { status: 403, anthropic: 'permission_error', openai: 'permission_error' },
  { status: 404, anthropic: 'not_found_error', openai: 'invalid_request_error' },
  { status: 413, anthropic: 'request_too_large', openai: 'invalid_request_error' },
  { status: 429, anthropic: 'rate_limit_error', openai: 'invalid_request_error' },
  { status: 499, anthropic: 'invalid_request_error', openai: 'invalid_request_error' },
  { status: 500, anthropic: 'api_error', openai: 'server_error' },
  { status: 502, anthropic: 'api_error', openai: 'server_error' },
  { status: 503, anthropic: 'overloaded_error', openai: 'server_error' },
  { status: 504, anthropic: 'timeout_error', openai: 'server_error' },
])('$status is $anthropic for clients of Anthropic, $openai for those of OpenAI', (row) => {
  const own = renderAnswer(answer(row.status, 'anthropic'))
  expect(own.contentType).toBe('application/json')
  expect(JSON.parse(own.body)).toEqual({
    type: 'error',
    error: { type: row.anthropic, message: 'Words.' },
  })
  const other = renderAnswer(answer(row.status, 'openai'))
  expect(other.contentType).toBe('application/json')
  expect(JSON.parse(other.body)).toEqual({
    error: { message: 'Words.', type: row.openai, param: null, code: 'no_route' },
  })
})

test.each([
  { status: 404, title: 'Not Found' },
  { status: 599, title: 'Error' },
])('$status is the problem "$title" for all others', ({ status, title }) => {
  const { contentType, body } = renderAnswer(answer(status, 'problem'))
  expect(contentType).toBe('application/problem+json')
  expect(JSON.parse(body)).toEqual({
    type: 'about:blank',
    title,
    status,
    detail: 'Words.',
    code: 'no_route',
  })
})

test('what is no error is text', () => {
  const text = { contentType: 'text/plain; charset=utf-8', body: 'Words.' }
  expect(renderAnswer(answer(399, 'openai'))).toEqual(text)
})

/** What an answer writes. */
function sent(parts: Partial<OwnAnswer>) {
  const written: unknown[] = []
  const response = {
    writeHead: (status: number, reason: unknown, fields: string[]) =>
      void written.push(status, reason, fields),
    end: (body: string) => void written.push(body),
  }
  sendAnswer(response as never, { ...answer(404, 'problem'), ...parts }, 'id-1')
  return written
}

test('an answer names its code and its request, and when to come back', () => {
  const fields = ['x-own', 'a']
  const { body } = renderAnswer(answer(404, 'problem'))
  expect(sent({ retryAfterSeconds: 7, fields })).toEqual([
    404,
    null,
    [
      ...['content-type', 'application/problem+json', 'content-length', String(body.length)],
      ...['x-keyway-error', 'no_route', 'x-own', 'a', 'retry-after', '7', 'x-request-id', 'id-1'],
    ],
    body,
  ])
})

test("clients of Anthropic find the request's id where they look for it", () => {
  const [, , fields] = sent({ errors: 'anthropic' }) as [number, null, string[]]
  expect(fields.slice(-4)).toEqual(['x-request-id', 'id-1', 'request-id', 'id-1'])
})

test.each([
  { status: 204, message: '', fields: ['x-request-id', 'id-1'] },
  { status: 304, message: '', fields: ['x-request-id', 'id-1'] },
  { status: 200, message: '', fields: ['content-length', '0', 'x-request-id', 'id-1'] },
])('$status without a body says no more of one than it may', ({ status, message, fields }) => {
  expect(sent({ status, message })).toEqual([status, null, fields, ''])
})

test('a length is that of the bytes', () => {
  const [, , fields] = sent({ status: 200, message: 'é' }) as [number, null, string[]]
  expect(fields.slice(0, 4)).toEqual([
    'content-type',
    'text/plain; charset=utf-8',
    'content-length',
    '2',
  ])
})

test('the file may change its fields', () => {
  const editOwn = (fields: string[]): void => void fields.push('x-edited', 'yes')
  const [, , fields] = sent({ editOwn }) as [number, null, string[]]
  expect(fields.slice(-2)).toEqual(['x-edited', 'yes'])
})

test('bytes that are no request are answered with the end of their connection', () => {
  const { body } = renderAnswer(answer(404, 'problem'))
  expect(printAnswer(answer(404, 'problem'))).toBe(
    [
      'HTTP/1.1 404 Not Found',
      'Connection: close',
      'content-type: application/problem+json',
      `content-length: ${body.length}`,
      'x-keyway-error: no_route',
      '',
      body,
    ].join('\r\n'),
  )
})

test.each([
  { status: 100, hasHead: false, isSent: false },
  { status: 101, hasHead: false, isSent: false },
  { status: 102, hasHead: false, isSent: true },
  { status: 103, hasHead: false, isSent: true },
  { status: 103, hasHead: true, isSent: false },
])('an interim response $status, the head sent: $hasHead, goes on: $isSent', (row) => {
  const informed: unknown[] = []
  const response = {
    headersSent: row.hasHead,
    inform: (...words: unknown[]) => void informed.push(words),
  }
  const fields = ['Link', '</a>', 'Content-Length', '5']
  relayInformation(response as never, row.status, 'Words', fields)
  expect(informed).toEqual(row.isSent ? [[row.status, 'Words', ['Link', '</a>']]] : [])
})

test.each([
  { reason: 'Not\tFound ~', printed: 'Not\tFound ~' },
  { reason: '', printed: '' },
  { reason: 'a\r\nb', printed: '' },
  { reason: 'caf\u00e9', printed: '' },
])('the reason $reason is printed as "$printed"', ({ reason, printed }) => {
  expect(printableReason(reason)).toBe(printed)
})

test.each<{ name: string; socket: () => Socket; isReset: boolean }>([
  { name: 'TCP', socket: () => family(new Socket(), 'IPv4'), isReset: true },
  { name: 'a unix socket', socket: () => family(new Socket(), undefined), isReset: false },
  { name: 'TLS', socket: () => family(new TLSSocket(new Socket()), 'IPv4'), isReset: false },
])('$name is closed, by a reset: $isReset', ({ socket: open, isReset }) => {
  const done: string[] = []
  const socket = Object.assign(open(), {
    resetAndDestroy: () => done.push('reset'),
    destroy: () => done.push('destroy'),
  })
  resetSocket(socket as unknown as Socket)
  expect(done).toEqual([isReset ? 'reset' : 'destroy'])
})

test('a connection whose end is on its way is closed all the same', async () => {
  const server = createServer((peer) => peer.on('error', () => undefined)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
  socket.end()
  resetSocket(socket)
  expect(await once(socket, 'close')).toEqual([false])
  server.close()
})

function family(socket: Socket, remoteFamily: string | undefined): Socket {
  return Object.defineProperty(socket, 'remoteFamily', { value: remoteFamily })
}
