import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

/** Whether bytes are left in the socket after a good while. */
async function isFull(socket: Socket): Promise<boolean> {
  for (let turn = 0; turn < 2_000 && socket.writableLength > 0; turn += 1)
    await new Promise(setImmediate)
  return socket.writableLength > 0
}

const PIECE = `10000\r\n${'x'.repeat(0x10000)}\r\n`

test('an upstream that answers and reads no more is not asked on that connection again', async () => {
  const { address, upstream } = await startPair({
    upstream: 'limits: { responseHeaders: 1s, connections: 1 }',
    script: async (connection, index) => {
      if (index === 0) connection.socket.pause()
      else await connection.head()
      if (index > 0) connection.write(ok('second'))
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked']))
  const first = await upstream.connection(0)
  // Until Keyway reads no more, as the upstream takes no more.
  do client.write(PIECE)
  while (!(await isFull(client.socket)))
  client.write('0\r\n\r\n')
  first.write(ok('first'))
  expect(parseResponse(await client.closed()).body).toBe('first')
  const next = parseResponse(await exchangeRaw(address, requestBytes('GET /up/y')))
  expect([next.status, next.body]).toEqual([200, 'second'])
})

const trailers = [
  'Connection: close',
  'Proxy-Connection: close',
  'connection: x, CLOSE',
  'Transfer-Encoding: gzip',
]

test.each(trailers)('the next request pays for no trailer of a response: %s', async (trailer) => {
  const first = `3\r\nabc\r\n0\r\n${trailer}\r\n\r\n`
  const { address } = await startPair({
    upstream: 'limits: { connections: 1 }',
    script: async (connection, index) => {
      await connection.head()
      if (index > 0) connection.write(ok('on another connection'))
      else connection.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${first}`)
      await connection.head(2)
      connection.write(ok('on the same connection'))
    },
  })
  expect((await exchangeRaw(address, requestBytes('GET /up/x'))).endsWith('0\r\n\r\n')).toBe(true)
  const next = parseResponse(await exchangeRaw(address, requestBytes('GET /up/y')))
  expect([next.status, next.body]).toEqual([200, 'on another connection'])
})
