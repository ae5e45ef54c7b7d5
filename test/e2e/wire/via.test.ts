import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'
import { exchange, startHttp2 } from '../inbound/start-tls.ts'

const server = 'server: { via: keyway }'
const viaOf = (lines: readonly string[]): string[] => lines.filter((line) => /^via:/i.test(line))

const requests = [
  { name: 'HTTP/1.1', bytes: requestBytes('GET /up/x'), via: 'Via: 1.1 keyway' },
  { name: 'HTTP/1.0', bytes: 'GET /up/x HTTP/1.0\r\n\r\n', via: 'Via: 1.0 keyway' },
]

test.each(requests)('Via says how the request came: $name', async ({ bytes, via }) => {
  const { address, upstream } = await startPair({ script: always(ok('hi')), server })
  const answer = parseResponse(await exchangeRaw(address, bytes))
  expect(viaOf((upstream.connections[0]?.received() ?? '').split('\r\n'))).toEqual([via])
  expect(viaOf(answer.fields)).toEqual(['Via: 1.1 keyway'])
})

test('Via says how the request came: HTTP/2', async () => {
  const { session, upstream } = await startHttp2({ script: always(ok('hi')) }, ', via: keyway')
  const { headers } = await exchange(session, { ':path': '/up/x' })
  expect(viaOf((upstream.connections[0]?.received() ?? '').split('\r\n'))).toEqual([
    'Via: 2 keyway',
  ])
  expect(headers.via).toBe('1.1 keyway')
})

const responses = [
  { name: 'HTTP/1.1', bytes: ok('hi'), via: ['Via: 1.1 keyway'] },
  { name: 'HTTP/1.0', bytes: ok('hi').replace('1.1', '1.0'), via: ['Via: 1.0 keyway'] },
  {
    name: 'HTTP/1.0 behind a hint',
    bytes: `HTTP/1.1 103 Early\r\n\r\n${ok('hi', ['Via: 1.1 a']).replace('1.1', '1.0')}`,
    via: ['Via: 1.1 a', 'Via: 1.0 keyway'],
  },
]

test.each(responses)('Via says how the response came: $name', async ({ bytes, via }) => {
  const { address } = await startPair({ script: always(bytes), server })
  const answer = await exchangeRaw(address, requestBytes('GET /up/x'))
  expect(viaOf(answer.split('\r\n'))).toEqual(via)
})
