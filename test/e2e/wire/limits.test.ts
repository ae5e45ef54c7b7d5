import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const bodies = [
  { name: 'announced', fields: ['Content-Length: 11'], body: 'x'.repeat(11) },
  {
    name: 'chunked',
    fields: ['Transfer-Encoding: chunked'],
    body: 'b\r\nxxxxxxxxxxx\r\n0\r\n\r\n',
  },
]

test.each(bodies)('a body over the limit is refused: $name', async ({ fields, body }) => {
  const { address } = await startPair({ route: 'limits: { body: 10B }' })
  const answer = parseResponse(await exchangeRaw(address, requestBytes('POST /up/x', fields, body)))
  expect(answer.status).toBe(413)
  expect(answer.fields).toContain('x-keyway-error: body_too_large')
})

test('a body at the limit is not', async () => {
  const { address } = await startPair({ route: 'limits: { body: 10B }', script: always(ok('in')) })
  for (const { fields, body } of [
    { fields: ['Content-Length: 10'], body: 'x'.repeat(10) },
    { fields: ['Transfer-Encoding: chunked'], body: 'a\r\nxxxxxxxxxx\r\n0\r\n\r\n' },
  ]) {
    const answer = await exchangeRaw(address, requestBytes('POST /up/x', fields, body))
    expect(parseResponse(answer).status).toBe(200)
  }
})

test('a chunked body that outgrows the limit cancels the upstream', async () => {
  const { address, upstream } = await startPair({ route: 'limits: { body: 10B }' })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', ['Transfer-Encoding: chunked']))
  client.write('3\r\nxyz\r\n')
  const connection = await upstream.connection(0)
  await connection.until('xyz')
  client.write('8\r\n12345678\r\n')
  expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1\.1 413/)
  await connection.closed()
  client.socket.destroy()
})

test('a body that stops coming: 408, and the connection closes', async () => {
  const { address } = await startPair({ server: 'server: { limits: { bodyIdle: 100ms } }' })
  for (const framing of ['Content-Length: 5', 'Transfer-Encoding: chunked']) {
    const request = requestBytes('POST /up/x', [framing, 'Connection: keep-alive'])
    const answer = parseResponse(await exchangeRaw(address, request))
    expect(answer.status).toBe(408)
    expect(answer.fields).toContain('x-keyway-error: body_timeout')
    expect(answer.fields).toContain('Connection: close')
  }
})

test('fields that do not come in time: 408', async () => {
  const { address } = await startPair({ server: 'server: { limits: { headersTimeout: 100ms } }' })
  const answer = parseResponse(await exchangeRaw(address, 'GET /up/x HTTP/1.1\r\nHost: a\r\n'))
  expect(answer.status).toBe(408)
  expect(answer.fields).toContain('x-keyway-error: headers_timeout')
})

test('the limits on fields are settings', async () => {
  const { address } = await startPair({
    server: 'server: { limits: { headers: 1KiB, headerFields: 5 } }',
    script: always(ok('')),
  })
  const fits = await exchangeRaw(address, requestBytes('GET /up/x', ['A: 1', 'B: 2', 'C: 3']))
  expect(parseResponse(fits).status).toBe(200)
  const tooMany = requestBytes('GET /up/x', ['A: 1', 'B: 2', 'C: 3', 'D: 4'])
  for (const bytes of [tooMany, requestBytes('GET /up/x', [`A: ${'x'.repeat(1_100)}`])]) {
    const client = await connectRaw(address)
    client.write(bytes)
    expect(parseResponse(await client.until('\r\n\r\n')).status).toBe(431)
    client.socket.destroy()
  }
})

test('an idle connection closes after the keep-alive time', async () => {
  const { address } = await startPair({
    server: 'server: { limits: { keepAlive: 1s } }',
    script: always(ok('')),
  })
  const answer = await exchangeRaw(address, requestBytes('GET /up/x', ['Connection: keep-alive']))
  expect(parseResponse(answer).fields).toContain('Connection: keep-alive')
})

test('connections over the limit are closed, others live on', async () => {
  const { address, proxy } = await startPair({
    server: 'server: { limits: { connections: 1 } }',
    script: always(ok('served')),
  })
  const first = await connectRaw(address)
  while (proxy.stats().connections < 1) await new Promise(setImmediate)
  const second = await connectRaw(address)
  expect(await second.closed()).toBe('')
  first.write(requestBytes('GET /up/x'))
  expect(await first.closed()).toMatch(/served$/)
})
