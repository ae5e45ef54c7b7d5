import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

test('a request goes on under its own path and comes back with its own fields', async () => {
  const { address, upstream } = await startPair({ script: always(ok('hello', ['X-One: 1'])) })
  const answer = await exchangeRaw(
    address,
    'GET /up/a?b=c HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n',
  )
  expect(parseResponse(answer)).toEqual({
    status: 200,
    statusLine: 'HTTP/1.1 200 OK',
    fields: ['X-One: 1', 'Content-Length: 5', 'Connection: close'],
    body: 'hello',
  })
  expect(upstream.connections[0]?.received()).toMatch(/^GET \/a\?b=c HTTP\/1\.1\r\n/)
})
