import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { closeAfter, startPair } from '../../support/start-pair.ts'
import { startProxy, type TestProxy } from '../../support/start-proxy.ts'

/** Starts a proxy whose only upstream is set once its address is known. */
async function start(text: (port: number) => string): Promise<TestProxy> {
  const proxy = await startProxy(text(1))
  closeAfter(proxy.close)
  return proxy
}

const to = (port: number, upstream = '', server = ''): string => `
version: 1
server: { listen: '127.0.0.1:0'${server} }
upstreams: { up: { url: 'http://127.0.0.1:${port}'${upstream} } }
routes: [{ name: up, match: { path: /* }, upstream: up }]
`

/** Sends one request; its answer's code, and how many requests each proxy was given. */
async function ask(proxies: readonly TestProxy[], fields: readonly string[] = []) {
  const [first] = proxies as [TestProxy]
  const answer = parseResponse(await exchangeRaw(first.address, requestBytes('GET /x', fields)))
  const code = answer.fields.find((field) => field.startsWith('x-keyway-error: '))?.slice(16)
  return {
    status: answer.status,
    code,
    requests: proxies.map(({ proxy }) => proxy.stats().requests),
  }
}

const LOOP = { status: 508, code: 'loop_detected' }

test.each([
  ['a plain upstream', '', []],
  ['a provider, which is not told who asked', ', provider: anthropic', []],
  ['with an id of the client', ', provider: anthropic', ['X-Request-Id: a']],
])('an upstream that is the own listener ends soon: %s', async (_, upstream, fields) => {
  const proxy = await start((port) => to(port, upstream))
  proxy.reload(to(proxy.address.port, upstream))
  const { requests, ...answer } = await ask([proxy], fields)
  expect(answer).toEqual(LOOP)
  expect(requests[0]).toBeLessThanOrEqual(3)
})

test('two that point at each other end soon', async () => {
  const one = await start((port) => to(port))
  const other = await start(() => to(one.address.port))
  one.reload(to(other.address.port))
  const { requests, ...answer } = await ask([one, other])
  expect(answer).toEqual(LOOP)
  expect(requests[0] as number).toBeLessThanOrEqual(2)
  expect(requests[1] as number).toBeLessThanOrEqual(2)
})

test('a Via of its own name ends at once', async () => {
  const { address, upstream } = await startPair({
    script: always(ok('')),
    server: 'server: { via: keyway }',
  })
  const sent = requestBytes('GET /up/x', ['Via: 1.1 other, 1.1 Keyway (a comment)'])
  expect(parseResponse(await exchangeRaw(address, sent)).status).toBe(508)
  expect(upstream.connections).toEqual([])
})

test('what comes through other proxies goes on, marked; what comes from a client goes as it is', async () => {
  const { address, upstream } = await startPair({
    script: always(ok('')),
    server: 'server: { via: keyway }',
  })
  await exchangeRaw(
    address,
    requestBytes('GET /up/x', [
      'Via: 1.1 other',
      'CDN-Loop: cdn.test',
      'X-Request-Id: a',
      'X-Forwarded-For: 192.0.2.1',
    ]),
  )
  await exchangeRaw(address, requestBytes('GET /up/x'))
  const [through = '', direct = ''] = upstream.connections.map(({ received }) => received())
  expect(through.match(/^CDN-Loop: .*/gim)).toEqual([
    'CDN-Loop: cdn.test',
    expect.stringMatching(/^CDN-Loop: keyway-[0-9a-f]{8}$/),
  ])
  expect(direct).not.toMatch(/cdn-loop/i)
})
