import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { NodeResponse } from '../../../src/proxy/client/node-response.ts'
import { connectRaw, type RawClient, requestBytes } from '../../support/raw-client.ts'
import { closeAfter } from '../../support/start-pair.ts'

/** A server of Node's own whose requests are answered so, and a client that sent it one. */
async function ask(
  request: string,
  answer: (response: NodeResponse, own: ServerResponse) => void,
): Promise<RawClient> {
  const server = createServer((_request, own) => answer(new NodeResponse(own), own))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closeAfter(async () => void server.close())
  const { port } = server.address() as AddressInfo
  const client = await connectRaw({ host: '127.0.0.1', port })
  client.write(request)
  return client
}

/** All that a client is sent whose request is answered so. */
async function answered(...asked: Parameters<typeof ask>): Promise<string> {
  const client = await ask(...asked)
  return client.closed()
}

const GET = requestBytes('GET /')
/** A request that keeps its connection, which its answer then ends. */
const KEPT = requestBytes('GET /', ['Connection: keep-alive'])
const OLD = 'GET / HTTP/1.0\r\n\r\n'

test('status, reason, fields and body leave as they are, and what they are is known', async () => {
  const text = await answered(GET, (response) => {
    expect([response.headersSent, response.shouldKeepAlive]).toEqual([false, false])
    response.sendDate = false
    response.writeHead(201, 'Words', ['A', 'b', 'Content-Length', '1'])
    expect([response.headersSent, response.statusCode]).toEqual([true, 201])
    response.end('\xe9', 'latin1')
  })
  expect(text).toBe(
    'HTTP/1.1 201 Words\r\nA: b\r\nContent-Length: 1\r\nConnection: close\r\n\r\n\xe9',
  )
})

test.each([
  { reason: null, line: 'HTTP/1.1 404 Not Found' },
  { reason: 'Nowhere', line: 'HTTP/1.1 404 Nowhere' },
  { reason: 'a\r\nb', line: 'HTTP/1.1 404 ' },
])('the reason $reason is written as "$line"', async ({ reason, line }) => {
  const text = await answered(GET, (response) => {
    response.writeHead(404, reason, [])
    response.end()
  })
  expect(text.split('\r\n')[0]).toBe(line)
})

test('bytes are written one after the other', async () => {
  const text = await answered(GET, (response) => {
    response.writeHead(200, null, ['Content-Length', '3'])
    response.write(Buffer.from('a'), () => response.end(Buffer.from('c')))
    response.write(Buffer.from('b'))
  })
  expect(text).toMatch(/\r\n\r\nabc$/)
})

test.each([
  { status: 426, isKept: true, closes: false },
  { status: 426, isKept: false, closes: true },
])('a $status that keeps its connection ($isKept) names its end: $closes', async (row) => {
  const text = await answered(KEPT, (response, own) => {
    response.shouldKeepAlive = row.isKept
    response.writeHead(row.status, null, ['Connection', 'Upgrade', 'Content-Length', '0'])
    response.end()
    own.once('finish', () => own.req.socket.end())
  })
  expect(/^Connection: close\r$/m.test(text)).toBe(row.closes)
})

test('whoever is asked to send a body is told so', async () => {
  const text = await answered(GET, (response) => {
    response.writeContinue()
    response.writeHead(200, null, [])
    response.end()
  })
  expect(text).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK\r\n/)
})

test.each([
  { name: 'a hint goes ahead', request: GET, fields: ['Link', '</\xe9>'], isSent: true },
  { name: 'HTTP/1.0 knows none', request: OLD, fields: ['Link', '</a>'], isSent: false },
  { name: 'one with a control byte is left out', request: GET, fields: ['a', '\0'], isSent: false },
])('$name', async ({ request, fields, isSent }) => {
  const text = await answered(request, (response) => {
    response.inform(103, 'Early Hints', fields)
    response.end()
  })
  const hint = `HTTP/1.1 103 Early Hints\r\n${fields.join(': ')}\r\n\r\n`
  expect(text.startsWith(hint)).toBe(isSent)
  expect(text.includes(' 103 ')).toBe(isSent)
})

test('to a client that does not read no hint goes', async () => {
  const text = await answered(GET, (response, { req }) => {
    Object.defineProperty(req.socket, 'writableNeedDrain', { value: true })
    response.inform(103, 'Early Hints', ['a', 'b'])
    response.end()
  })
  expect(text).not.toContain(' 103 ')
})

const LENGTH = ['Content-Length', '9']

test.each<{ name: string; request: string; fields: string[]; ending: string }>([
  { name: 'chunks end early', request: KEPT, fields: [], ending: 'end' },
  { name: 'chunks end early, on a connection that ends', request: GET, fields: [], ending: 'end' },
  { name: 'a length is not reached', request: KEPT, fields: LENGTH, ending: 'end' },
  {
    name: 'HTTP/1.0 is reset though its connection was to stay',
    request: 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n',
    fields: LENGTH,
    ending: 'reset',
  },
  {
    name: 'a body that ends with its connection is reset',
    request: OLD,
    fields: [],
    ending: 'reset',
  },
])('broken off, $name', async ({ request, fields, ending }) => {
  let breakOff = (): void => undefined
  const client = await ask(request, (response) => {
    breakOff = () => response.breakOff()
    response.writeHead(200, null, fields)
    response.write(Buffer.from('abc'))
  })
  // What comes together with a reset, a client may take for an end.
  await client.until('abc')
  breakOff()
  expect(await client.closed()).not.toContain('0\r\n\r\n')
  expect(client.ending()).toBe(ending)
})

test('what was written before a response is broken off arrives', async () => {
  const text = await answered(KEPT, (response) => {
    response.writeHead(200, null, LENGTH)
    response.write(Buffer.from('abc'))
    response.breakOff()
  })
  expect(text).toMatch(/\r\n\r\nabc$/)
})

test('without a connection there is nothing to break off, or to let go of', async () => {
  const text = await answered(GET, (response, own) => {
    const { socket } = own.req
    response.detach()
    expect(own.socket).toBeNull()
    response.breakOff()
    response.detach()
    socket.end('as it is')
  })
  expect(text).toBe('as it is')
})

test.each(['drain', 'close'] as const)('whoever waits for it hears of a %s', async (event) => {
  const heard: string[] = []
  const text = await answered(GET, (response, own) => {
    response.on(event, () => heard.push(event))
    own.emit(event)
    response.end()
  })
  expect(text).toMatch(/^HTTP\/1\.1 200/)
  expect(heard[0]).toBe(event)
})
