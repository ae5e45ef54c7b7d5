import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import type { Http1InboundResponse } from '../../../src/proxy/listener/http1/http1-inbound-response.ts'
import type { Http1Service } from '../../../src/proxy/listener/http1/http1-service.ts'
import { type Carrier, openConnection } from './given-connection.ts'

const BODY_BYTES = 32 * 1024 * 1024
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

/** Answers by more than a socket takes at once; all of it, or all but a byte. */
function serviceOf(
  answer: 'whole' | 'begun',
  onAnswer = (_: Http1InboundResponse): void => undefined,
): Pick<Http1Service, 'onRequest'> {
  return {
    onRequest(_request, response) {
      const length = answer === 'whole' ? BODY_BYTES : BODY_BYTES + 1
      response.writeHead(200, null, ['Content-Length', String(length)])
      if (answer === 'whole') response.end(Buffer.alloc(BODY_BYTES))
      else response.write(Buffer.alloc(BODY_BYTES))
      onAnswer(response)
    },
  }
}

/** A connection whose client has asked and reads nothing yet of what it is answered. */
async function openStuck(
  service: ReturnType<typeof serviceOf>,
  request = GET,
  by: Carrier = 'tcp',
) {
  const { client, socket, connection, ask } = await openConnection(service, by)
  await ask(request)
  expect(socket.writableLength).toBeGreaterThan(0)
  return { client, socket, connection, closing: connection.closing }
}

/** Everything that a client gets until the connection is closed. */
async function readAll(client: Socket): Promise<number> {
  let bytes = 0
  client.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  client.on('end', () => client.end())
  await once(client, 'close')
  return bytes
}

test('keeps what a slow client has yet to read when the time between requests is over', async () => {
  const { client, closing } = await openStuck(serviceOf('whole'))
  closing.onDue()
  expect(await readAll(client)).toBeGreaterThan(BODY_BYTES)
})

test('serves a request behind an answer that its client reads slowly, however slowly', async () => {
  const asked: Http1InboundResponse[] = []
  const service = serviceOf('whole', (response) => void asked.push(response))
  const { client, socket, connection, closing } = await openStuck(service, GET + GET)
  socket.on('drain', () => connection.drained())
  expect(asked).toHaveLength(1)
  closing.onDue()
  const bytes = readAll(client)
  while (asked.length < 2) await new Promise(setImmediate)
  closing.onDue()
  expect(await bytes).toBeGreaterThan(2 * BODY_BYTES)
})

test('does not wait for ever for one that reads nothing, whatever it sent behind', async () => {
  const { socket, closing } = await openStuck(serviceOf('whole'), GET + GET)
  for (const isGone of [false, false, false, true]) {
    closing.onDue()
    expect(socket.destroyed).toBe(isGone)
  }
})

test('keeps what a slow client has yet to read when the rest of its request is not waited for any more', async () => {
  const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\nand so on'
  const { client, closing } = await openStuck(serviceOf('whole'), post)
  closing.onDue()
  expect(await readAll(client)).toBeGreaterThan(BODY_BYTES)
})

test('closes in time on a client that reads nothing more of an answer that was broken off', async () => {
  const responses: Http1InboundResponse[] = []
  const service = serviceOf('begun', (response) => void responses.push(response))
  const { socket, closing } = await openStuck(service)
  expect(closing.dueStep).toBe(Number.POSITIVE_INFINITY)
  responses[0]?.breakOff()
  expect(closing.dueStep).toBe(1)
  closing.onDue()
  expect(socket.destroyed).toBe(false)
  closing.onDue()
  expect(socket.destroyed).toBe(true)
})

test('closes in time on a client that ended its side and reads nothing more of its answer', async () => {
  const { socket, connection, closing } = await openStuck(serviceOf('begun'))
  connection.end()
  expect(closing.dueStep).toBe(1)
  closing.onDue()
  closing.onDue()
  expect(socket.destroyed).toBe(true)
})

test('closes in time on a client that ended its side and reads nothing more of a whole answer', async () => {
  const { socket, connection, closing } = await openStuck(serviceOf('whole'))
  closing.dueStep = Number.POSITIVE_INFINITY
  connection.end()
  expect(closing.dueStep).toBe(1)
  closing.onDue()
  closing.onDue()
  expect(socket.destroyed).toBe(true)
})

test('closes sooner on one that ended by TLS, where a reset may read as an end', async () => {
  const { client, socket, connection } = await openStuck(serviceOf('whole'), GET, 'tls')
  const ended = once(socket, 'end')
  client.end()
  await ended
  connection.end()
  expect(socket.destroyed).toBe(false)
  connection.closing.onDue()
  expect(socket.destroyed).toBe(true)
})
