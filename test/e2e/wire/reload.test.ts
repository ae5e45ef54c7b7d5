import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { always, ok, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter, startPair } from '../../support/start-pair.ts'
import { oneRoute } from '../../support/start-proxy.ts'

const stream = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'

test('an open stream goes on with the upstream it began with; its connection closes after it', async () => {
  const { address, upstream, reload } = await startPair({ script: always(stream) })
  const next = await startUpstream(always(ok('new')))
  closeAfter(next.close)
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('\r\n\r\n')
  reload(oneRoute(next.url))
  expect(await exchangeRaw(address, requestBytes('GET /up/x'))).toMatch(/new$/)
  upstream.connections[0]?.write('3\r\nold\r\n0\r\n\r\n')
  expect(await client.closed()).toMatch(/old\r\n0\r\n\r\n$/)
  await upstream.connections[0]?.closed()
})

test('idle connections of an upstream that is no longer used close at once', async () => {
  const { address, upstream, reload } = await startPair({
    upstream: 'limits: { keepAlive: 1h }',
    script: always(ok('old')),
  })
  await exchangeRaw(address, requestBytes('GET /up/x'))
  reload(oneRoute('http://127.0.0.1:1'))
  const connection = await upstream.connection(0)
  await expect(connection.closed()).resolves.toBeUndefined()
})

test('a request whose body was still coming goes to the upstream that was decided on', async () => {
  const { address, upstream, reload, proxy } = await startPair({
    script: async (connection) => {
      await connection.until('hello')
      connection.write(ok('old'))
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Content-Length: 5'], 'he'))
  while (proxy.stats().inFlight < 1) await new Promise(setImmediate)
  reload(oneRoute('http://127.0.0.1:1'))
  client.write('llo')
  expect(await client.closed()).toMatch(/old$/)
  expect(upstream.connections.length).toBe(1)
})

test('an upstream that stays keeps its connections', async () => {
  const { address, upstream, reload } = await startPair({ script: always(ok('same')) })
  await exchangeRaw(address, requestBytes('GET /up/x'))
  reload(oneRoute(upstream.url, { route: 'request: { set: { X-New: "1" } }' }))
  await exchangeRaw(address, requestBytes('GET /up/x'))
  expect(upstream.connections.length).toBe(1)
  expect(upstream.connections[0]?.received()).toContain('X-New: 1')
})

test('limits on requests follow the file', async () => {
  const { address, upstream, reload } = await startPair({ script: always(ok('')) })
  const request = requestBytes('GET /up/x', ['A: 1', 'B: 2'])
  expect(await exchangeRaw(address, request)).toMatch(/^HTTP\/1\.1 200/)
  reload(oneRoute(upstream.url, { server: 'server: { limits: { headerFields: 3 } }' }))
  const client = await connectRaw(address)
  client.write(request)
  expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 431/)
  client.socket.destroy()
})
