import { expect, test } from 'vitest'
import { connectRaw, requestBytes } from '../../support/raw-client.ts'
import { ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const COUNT = 5_000
const BODY = 'abcde'.repeat(COUNT / 5)

/** The chunks of a chunked message. */
function chunksOf(message: string): string[] {
  const body = message.slice(message.indexOf('\r\n\r\n') + 4)
  return [...body.matchAll(/([0-9a-f]+)\r\n([a-e]+)\r\n/g)].map(([, , data = '']) => data)
}

test('chunks of one byte that come together leave together', async () => {
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  const chunks = [...BODY].map((byte) => `1\r\n${byte}\r\n`).join('')
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked'], `${chunks}0\r\n\r\n`))
  const connection = await upstream.connection(0)
  const arrived = chunksOf(await connection.until('\r\n0\r\n\r\n'))
  expect(arrived.join('')).toBe(BODY)
  // A read is up to 64 KiB, of which each chunk takes six bytes.
  expect(arrived.length).toBeLessThan(COUNT / 100)
  connection.write(ok('done'))
  expect(await client.closed()).toMatch(/done$/)
})

test('chunks of one byte of a response that come together leave together', async () => {
  const chunks = [...BODY].map((byte) => `1\r\n${byte}\r\n`).join('')
  const { address } = await startPair({
    async script(connection) {
      await connection.head()
      connection.write(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks}0\r\n\r\n`)
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  const arrived = chunksOf(await client.closed())
  expect(arrived.join('')).toBe(BODY)
  expect(arrived.length).toBeLessThan(COUNT / 100)
})

test('a chunk that comes alone leaves alone', async () => {
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked'], '1\r\na\r\n'))
  const connection = await upstream.connection(0)
  await connection.until('1\r\na')
  client.write('1\r\nb\r\n')
  await connection.until('1\r\nb')
  client.write('0\r\n\r\n')
  await connection.until('0\r\n\r\n')
  expect(chunksOf(connection.received())).toEqual(['a', 'b'])
  connection.write(ok('done'))
  expect(await client.closed()).toMatch(/done$/)
})
