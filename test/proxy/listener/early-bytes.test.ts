import type { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import type { Handshake } from '../../../src/proxy/client/handshake.ts'
import { EarlyBytes } from '../../../src/proxy/listener/http1/early-bytes.ts'
import type { Http1InboundResponse } from '../../../src/proxy/listener/http1/http1-inbound-response.ts'
import { HeldBytes } from '../../../src/proxy/listener/http1/held-bytes.ts'
import { openConnection } from './given-connection.ts'

function open() {
  const socket = { destroy: vi.fn(), pause: vi.fn() }
  return { socket, early: new EarlyBytes(socket as unknown as Socket) }
}

test('what came before the answer goes on with the tunnel, in order', () => {
  const { socket, early } = open()
  early.push(Buffer.from('one '))
  early.push(Buffer.from('two'))
  expect(early.isTunnel).toBe(false)
  expect(early.take().toString()).toBe('one two')
  expect(early.isTunnel).toBe(true)
  expect(socket.pause).toHaveBeenCalledTimes(1)
  early.push(Buffer.from('three'))
  expect(early.take()).toHaveLength(0)
})

test('a client that sends more than 16 KiB before it is answered is cut off', () => {
  const { socket, early } = open()
  early.push(Buffer.alloc(16 * 1024))
  expect(socket.destroy).not.toHaveBeenCalled()
  early.push(Buffer.alloc(1))
  expect(socket.destroy).toHaveBeenCalledTimes(1)
})

test('held bytes are counted as they come and go', () => {
  const held = new HeldBytes()
  expect(held.isEmpty).toBe(true)
  held.push(Buffer.from('two'))
  held.push(Buffer.from('three'))
  held.unshift(Buffer.from('one'))
  expect([held.bytes, held.isEmpty]).toEqual([11, false])
  expect(held.shift().toString()).toBe('one')
  expect(held.bytes).toBe(8)
  expect(held.takeAll().toString()).toBe('twothree')
  expect([held.bytes, held.isEmpty]).toEqual([0, true])
  expect(held.takeAll()).toHaveLength(0)
})

test('a handshake behind another request is not cut off for what was sent behind it', async () => {
  const responses: Http1InboundResponse[] = []
  const handshakes: Handshake[] = []
  const { connection } = await openConnection({
    onRequest: (_, response) => void responses.push(response),
    onHandshake: (_, __, handshake) => void handshakes.push(handshake),
  })
  const head = 'GET / HTTP/1.1\r\nHost: a\r\n'
  const upgrade = `${head}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n`
  connection.read(Buffer.from(`${head}\r\n${upgrade}`))
  connection.read(Buffer.alloc(70_000))
  // It may be heard to leave only by an attempt to write, from time to time.
  expect(connection.closing.dueStep).toBe(1)
  responses[0]?.writeHead(204, null, [])
  responses[0]?.end()
  await new Promise(setImmediate)
  expect(connection.closing.dueStep).toBe(Number.POSITIVE_INFINITY)
  expect(handshakes[0]?.takeEarly()).toHaveLength(70_000)
})
