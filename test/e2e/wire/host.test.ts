import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

/** The Host fields that the upstream gets. */
async function hostsOf(route: string, bytes: string): Promise<readonly string[]> {
  const { address, upstream } = await startPair({ route, script: always(ok('')) })
  await exchangeRaw(address, bytes)
  const lines = (upstream.connections[0]?.received() ?? '').split('\r\n')
  const hosts = lines.filter((line) => /^host:/i.test(line))
  return hosts.map((line) => line.slice(6).replace(`127.0.0.1:${upstream.port}`, 'upstream'))
}

const plain = requestBytes('GET /up/x', ['Host: Client.test:8080'])

test.each([
  ["the upstream's own", '', plain, ['upstream']],
  ["the client's", 'request: { host: preserve }', plain, ['Client.test:8080']],
  ['another', 'request: { host: api.internal:8443 }', plain, ['api.internal:8443']],
  [
    "a rule's before the route's",
    'request: { host: preserve }\nrules: [{ request: { host: api.internal } }]',
    plain,
    ['api.internal'],
  ],
  [
    'the authority of an absolute target',
    'request: { host: preserve }',
    requestBytes('GET http://other.test/up/x', ['Host: client.test']),
    ['other.test'],
  ],
  [
    "the upstream's, where the client has none",
    'request: { host: preserve }',
    'GET /up/x HTTP/1.0\r\n\r\n',
    ['upstream'],
  ],
])('one Host leaves: %s', async (_, route, bytes, hosts) => {
  expect(await hostsOf(route, bytes)).toEqual(hosts)
})

test('a handshake is asked with that Host too', async () => {
  const { address, upstream } = await startPair({ route: 'request: { host: api.internal }' })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x', ['Connection: upgrade', 'Upgrade: websocket']))
  const head = await (await upstream.connection(0)).head()
  expect(head.match(/^host: .*/gim)).toEqual(['Host: api.internal'])
  client.socket.destroy()
})
