import type { Socket } from 'node:net'
import { expect, test, vi } from 'vitest'
import { EarlyBytes } from '../../../src/proxy/listener/http1/early-bytes.ts'
import { HeldBytes } from '../../../src/proxy/listener/http1/held-bytes.ts'

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
