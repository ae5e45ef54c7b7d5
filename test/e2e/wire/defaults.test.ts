import { expect, test } from 'vitest'
import { connectRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const filled = (length: number): string => {
  const rest = length - requestBytes('GET /up/x', ['A: ']).length
  return requestBytes('GET /up/x', [`A: ${'a'.repeat(rest)}`])
}

const withFields = (count: number): string => {
  const own = requestBytes('GET /up/x').split('\r\n').length - 3
  return requestBytes('GET /up/x', new Array<string>(count - own).fill('A: 1'))
}

const announcing = (length: number): string =>
  requestBytes('POST /up/x', [`Content-Length: ${length}`, 'Expect: 100-continue'])

const bounds = [
  { name: 'a head of 16 KiB', bytes: filled(16_384), begins: 'HTTP/1.1 200 OK' },
  { name: 'a longer head', bytes: filled(16_385), begins: 'HTTP/1.1 431 ' },
  { name: 'a hundred fields', bytes: withFields(100), begins: 'HTTP/1.1 200 OK' },
  { name: 'a field more', bytes: withFields(101), begins: 'HTTP/1.1 431 ' },
  { name: 'a body of 32 MiB', bytes: announcing(33_554_432), begins: 'HTTP/1.1 100 Continue' },
  { name: 'a longer body', bytes: announcing(33_554_433), begins: 'HTTP/1.1 413 ' },
]

test.each(bounds)('where the file names no limit: $name', async ({ bytes, begins }) => {
  const { address } = await startPair({ script: always(ok('')) })
  const client = await connectRaw(address)
  client.write(bytes)
  expect(await client.until('\r\n\r\n')).toMatch(new RegExp(`^${begins}`))
  client.socket.destroy()
})

test('where the file names no time, a client is told how long its connection is kept', async () => {
  const { address } = await startPair({ script: always(ok('')) })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x', ['Connection: keep-alive']))
  const { fields } = parseResponse(await client.until('\r\n\r\n'))
  expect(fields).toContain('Keep-Alive: timeout=72')
  client.socket.destroy()
})
