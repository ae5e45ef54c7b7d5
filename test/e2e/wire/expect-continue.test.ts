import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const expectation = ['Expect: 100-continue', 'Content-Length: 5']

test('100 comes when the body is wanted, and the upstream sees no Expect', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.until('hello')
      connection.write(ok('done'))
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('POST /up/x', expectation))
  expect(await client.until('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n')
  client.write('hello')
  expect(await client.closed()).toMatch(/HTTP\/1\.1 200 OK[\s\S]*done$/)
  expect(upstream.connections[0]?.received()).not.toMatch(/^expect/im)
})

test('a refusal comes without 100 and closes the connection', async () => {
  const { address } = await startPair()
  const answer = await exchangeRaw(
    address,
    requestBytes('POST /elsewhere', [...expectation, 'Connection: keep-alive']),
  )
  expect(parseResponse(answer).status).toBe(404)
  expect(parseResponse(answer).fields).toContain('Connection: close')
})

test('a body that is announced too large is refused without 100', async () => {
  const { address, upstream } = await startPair({ route: 'limits: { body: 4B }' })
  const answer = await exchangeRaw(address, requestBytes('POST /up/x', expectation))
  expect(parseResponse(answer).status).toBe(413)
  expect(upstream.connections).toEqual([])
})

test('another expectation is not met with 100', async () => {
  const { address } = await startPair({ script: always(ok('')) })
  const answer = await exchangeRaw(address, requestBytes('POST /up/x', ['Expect: a-miracle'], ''))
  expect(parseResponse(answer).status).toBe(417)
})

test('HTTP/1.0 knows no 100: the body is read and nothing is announced', async () => {
  const { address } = await startPair({
    script: async (connection) => {
      await connection.until('hello')
      connection.write(ok('done'))
    },
  })
  const client = await connectRaw(address)
  client.write('POST /up/x HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello')
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 200 OK/)
})
