import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const HINT = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'

/** A pair whose upstream answers each request with these bytes. */
async function startWith(bytes: string, upstream = '') {
  return startPair({
    upstream,
    script: async (connection) => {
      await connection.head()
      connection.write(bytes)
    },
  })
}

test('a hundred interim responses, and the answer behind them', async () => {
  const { address } = await startWith('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100) + ok('fine'))
  const answer = parseResponse(await exchangeRaw(address, requestBytes('GET /up/x')))
  expect([answer.status, answer.body]).toEqual([200, 'fine'])
})

test.each([
  { name: 'more than a hundred', bytes: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(101) },
  { name: 'long ones', bytes: `HTTP/1.1 100 C\r\nX: ${'a'.repeat(40_000)}\r\n\r\n`.repeat(2) },
  { name: 'a status line without end', bytes: `HTTP/1.1 200 ${'a'.repeat(100_000)}` },
  { name: 'empty lines without end', bytes: '\r\n'.repeat(50_000) },
])('$name: 502, and the connection is closed', async ({ bytes }) => {
  const { address, upstream } = await startWith(bytes)
  const answer = parseResponse(await exchangeRaw(address, requestBytes('GET /up/x')))
  expect(answer.status).toBe(502)
  expect(answer.fields).toContain('x-keyway-error: upstream_failed')
  await upstream.connections[0]?.closed()
})

test('interim responses do not put off the time for the final one', async () => {
  const clock = stopClock()
  const { address, upstream } = await startPair()
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  const connection = await upstream.connection(0)
  await connection.head()
  for (let hints = 1; hints <= 3; hints += 1) {
    connection.write(HINT)
    await client.until(HINT.repeat(hints))
    await clock.pass(199_999)
  }
  expect(client.received()).toBe(HINT.repeat(3))
  await clock.pass(4)
  expect(await client.closed()).toContain('x-keyway-error: upstream_timeout')
})
