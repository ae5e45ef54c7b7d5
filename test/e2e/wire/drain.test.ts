import { expect, test } from 'vitest'
import { connectRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

/** Longer than a test may take: what ends before was not cut. */
const AN_HOUR_MS = 3_600_000

const keepAlive = ['Connection: keep-alive']
const stream = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

test('open requests finish with Connection: close, idle connections close, new ones are refused', async () => {
  const { address, upstream, proxy } = await startPair()
  const idle = await connectRaw(address)
  const used = await connectRaw(address)
  const open = await connectRaw(address)
  used.write(requestBytes('GET /elsewhere', keepAlive))
  await used.until('no_route')
  open.write(requestBytes('GET /up/x', keepAlive))
  const connection = await upstream.connection(0)
  await connection.head()

  const drained = proxy.drain(AN_HOUR_MS)
  await Promise.all([idle.closed(), used.closed()])
  await expect(connectRaw(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  connection.write(ok('finished'))
  const answer = parseResponse(await open.closed())
  expect(answer.body).toBe('finished')
  expect(answer.fields).toContain('Connection: close')
  await drained
  await connection.closed()
})

test('a stream that had begun ends its connection when it ends', async () => {
  const { address, upstream, proxy } = await startPair({ script: always(stream) })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x', keepAlive))
  await client.until('\r\n\r\n')
  const drained = proxy.drain(AN_HOUR_MS)
  upstream.connections[0]?.write('3\r\nabc\r\n0\r\n\r\n')
  expect(await client.closed()).toMatch(/abc\r\n0\r\n\r\n$/)
  await drained
})

test('what is open after the drain time is cut, upstream connections with it', async () => {
  const { address, upstream, proxy } = await startPair({ script: always(stream) })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  await proxy.drain(50)
  expect(await client.closed()).not.toMatch(/0\r\n\r\n$/)
  await upstream.connections[0]?.closed()
  expect(proxy.stats()).toMatchObject({ connections: 0, inFlight: 0 })
})

test('what waits behind a request when Keyway goes down is not begun any more', async () => {
  const { address, upstream, proxy } = await startPair()
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/1', keepAlive) + requestBytes('GET /up/2', keepAlive))
  const connection = await upstream.connection(0)
  await connection.head(1)
  const drained = proxy.drain(AN_HOUR_MS)
  connection.write(ok('one'))
  const answer = parseResponse(await client.closed())
  expect(answer.fields).toContain('Connection: close')
  expect(answer.body).toBe('one')
  await drained
  expect(connection.received()).not.toContain('/2')
})
