import { expect, test } from 'vitest'
import { createRandom, mutate } from '../../support/mutate.ts'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const seed = Number(process.env.KEYWAY_FUZZ_SEED ?? 1)
const rounds = Number(process.env.KEYWAY_FUZZ_ROUNDS ?? 400)
const limits = 'limits: { responseHeaders: 5s, total: 5s }'
const rules = `
rules:
  - use: x-api-key
`

const requests = [
  requestBytes('GET /up/a?b=c', ['Authorization: Bearer sk-ant-api03-FAKE']),
  requestBytes('POST /up/x', ['X-Api-Key: sk-ant-api03-FAKE', 'Content-Length: 5'], 'hello'),
  requestBytes(
    'POST /up/x',
    ['Authorization: Bearer sk-ant-api03-FAKE', 'Transfer-Encoding: chunked'],
    '5\r\nhello\r\n0\r\nX: 1\r\n\r\n',
  ),
  requestBytes('GET /up/ws', ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: a']),
]

test('requests of any bytes end nothing, and the credential leaves in its place or not at all', async () => {
  const { address, upstream, proxy } = await startPair({
    route: `${limits}${rules}`,
    script: (connection) => {
      connection.socket.on('data', () => connection.write(ok('fine', ['Connection: close'])))
    },
  })
  const random = createRandom(seed)
  for (let round = 0; round < rounds; round += 1) {
    const client = await connectRaw(address)
    client.write(mutate(requests[round % requests.length] as string, random))
    client.socket.end()
    await client.closed()
  }
  expect(await exchangeRaw(address, requests[0] as string)).toMatch(/fine$/)
  while (proxy.stats().inFlight > 0) await new Promise(setImmediate)
  for (const connection of upstream.connections) {
    const [head = ''] = connection.received().split('\r\n\r\n')
    expect(head).not.toMatch(/^authorization:.*sk-ant/im)
  }
})

const responses = [
  ok('hello', ['X-A: 1']),
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${ok('hello')}`,
  'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nTrailer: X\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n\x81\x01a',
]

test('responses of any bytes end nothing', async () => {
  const random = createRandom(seed + 1)
  let round = 0
  const { address, proxy } = await startPair({
    route: limits,
    script: async (connection) => {
      const head = await connection.head()
      if (head.startsWith('GET /last ')) connection.write(ok('alive'))
      else connection.write(mutate(responses[round % responses.length] as string, random))
      connection.socket.end()
    },
  })
  for (; round < rounds; round += 1) {
    await exchangeRaw(address, requests[round % 2 === 0 ? 0 : 3] as string)
  }
  expect(await exchangeRaw(address, requestBytes('GET /up/last'))).toMatch(/alive$/)
  while (proxy.stats().inFlight > 0) await new Promise(setImmediate)
})
