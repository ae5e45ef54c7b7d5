import { expect, test } from 'vitest'
import type { ResponseMessage } from '../../../src/http/message/message.ts'
import { ClientResponse } from '../../../src/proxy/client/client-response.ts'

/** What a response's client is sent, and what its feeder is told, in order; `isFull` is what a write answers. */
function open(isFull: { now: boolean } = { now: false }) {
  const done: unknown[] = []
  let drain = (): void => undefined
  const response = {
    headersSent: false,
    sendDate: true,
    writeHead(status: number, reason: string, fields: string[]) {
      response.headersSent = true
      done.push([status, reason, fields])
    },
    write(chunk: Buffer) {
      done.push(`write ${chunk.toString('latin1')}`)
      return !isFull.now
    },
    end: (chunk: Buffer | string = '', encoding = '') =>
      void done.push([`end ${chunk.toString('latin1' as never)}`, typeof chunk, encoding].join()),
    breakOff: () => void done.push('break off'),
    on: (event: string, listener: () => void) => {
      done.push(`on ${event}`)
      drain = listener
    },
  }
  const feeder = {
    onDrained: () => void done.push('drained'),
    onStalled: () => void done.push('stalled'),
    onLasting: () => void done.push('lasting'),
  }
  const client = new ClientResponse(response as unknown as ResponseMessage, feeder, 0)
  return { client, done, response, drain: () => drain() }
}

const HEAD = [200, 'OK', []]
const tick = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

test('what is short leaves in one write, a latin1 string', async () => {
  const { client, done, response } = open()
  expect(client.hasBegun).toBe(false)
  client.begin(200, 'OK', [])
  expect(client.write(Buffer.from('\xe9', 'latin1'))).toBe(true)
  client.end()
  expect(done).toEqual([HEAD, 'end \xe9,string,latin1'])
  expect([client.hasBegun, client.isOver, client.sentBytes, response.sendDate]).toEqual([
    ...[true, true, 1, false],
  ])
  await tick()
  expect(done).toHaveLength(2)
})

test.each([
  { length: 4096, type: 'string,latin1' },
  { length: 4097, type: 'object,' },
])('$length bytes leave as $type', ({ length, type }) => {
  const { client, done } = open()
  client.begin(200, 'OK', [])
  client.write(Buffer.alloc(length, 'x'))
  client.end()
  expect(done).toEqual([HEAD, `end ${'x'.repeat(length)},${type}`])
})

test('a head whose body does not come at once leaves alone', async () => {
  const { client, done } = open()
  client.begin(200, 'OK', [])
  client.flushSoon()
  await tick()
  expect(done).toEqual([HEAD, 'write ', 'lasting'])
  client.write(Buffer.from('a'))
  expect(done.at(-1)).toBe('write a')
  client.end()
  expect(done.at(-1)).toBe('end ,string,')
})

test('the first piece waits for the rest of its tick, and leaves before the second', async () => {
  const { client, done } = open()
  client.begin(200, 'OK', [])
  client.flushSoon()
  expect([client.write(Buffer.from('a')), done]).toEqual([true, [HEAD]])
  expect(client.write(Buffer.from('b'))).toBe(true)
  expect(done).toEqual([HEAD, 'write a', 'write b'])
  await tick()
  expect(done.slice(3)).toEqual(['write ', 'lasting'])
  expect(client.sentBytes).toBe(2)
})

test('one that came alone leaves with the tick', async () => {
  const { client, done } = open()
  client.begin(200, 'OK', [])
  client.flushSoon()
  client.write(Buffer.from('a'))
  await tick()
  expect(done).toEqual([HEAD, 'write a', 'lasting'])
})

test('what was to leave with the rest does so before a response is broken off', () => {
  const { client, done } = open()
  client.begin(200, 'OK', [])
  client.write(Buffer.from('a'))
  client.breakOff()
  expect([done, client.isOver]).toEqual([[HEAD, 'write a', 'break off'], true])
})

test('a client that does not read is waited for, and heard of once however often it was', async () => {
  const isFull = { now: true }
  const { client, done, drain } = open(isFull)
  client.begin(200, 'OK', [])
  client.flushSoon()
  await tick()
  expect([client.write(Buffer.from('a')), client.write(Buffer.from('b'))]).toEqual([false, false])
  drain()
  isFull.now = false
  expect(client.write(Buffer.from('c'))).toBe(true)
  isFull.now = true
  expect(client.write(Buffer.from('d'))).toBe(false)
  expect(done.slice(3)).toEqual(['write a', 'on drain', 'write b', 'drained', 'write c', 'write d'])
})

test.each([
  { status: 200, fields: ['Content-Length', '5'], sent: ['Content-Length', '5'] },
  { status: 204, fields: ['Content-Length', '5', 'a', 'b'], sent: ['a', 'b'] },
  { status: 426, fields: ['Upgrade', 'h2c'], sent: ['Upgrade', 'h2c', 'Connection', 'Upgrade'] },
  { status: 426, fields: ['a', 'b'], sent: ['a', 'b'] },
  { status: 200, fields: ['Upgrade', 'h2c'], sent: ['Upgrade', 'h2c'] },
])('$fields of a $status become $sent', ({ status, fields, sent }) => {
  const { client, done } = open()
  client.begin(status, 'x', [...fields])
  expect(done).toEqual([[status, 'x', sent]])
})

test('after an answer of its own a response is over', () => {
  const { client, done } = open()
  client.refuse(
    { status: 200, code: 'no_route', message: 'Words.', errors: 'problem' } as never,
    'i',
  )
  expect([client.isOver, done.at(-1)]).toEqual([true, 'end Words.,string,'])
})
