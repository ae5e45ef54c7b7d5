import { expect, test } from 'vitest'
import { connectRaw, requestBytes } from '../../support/raw-client.ts'
import { ok, type Script } from '../../support/recording-upstream.ts'
import {
  countRequests,
  logged,
  receivedBy,
  send,
  startTarget,
  startWithSecrets,
  targetsText,
} from '../../support/start-balanced.ts'

/** Answers each request with a status, and the path that says how healthy it is with another. */
function answering(statusOf: (head: string) => number): Script {
  return async (connection) => {
    for (let count = 1; ; count += 1) {
      const status = statusOf(await connection.head(count))
      connection.write(`HTTP/1.1 ${status} Said\r\nContent-Length: 0\r\n\r\n`)
    }
  }
}

test('three targets take turns by their weights', async () => {
  const targets = [await startTarget('a'), await startTarget('b'), await startTarget('c')]
  const [a, b, c] = targets.map(({ url }) => url) as [string, string, string]
  const proxy = await startWithSecrets(targetsText([{ url: a, weight: 2 }, b, c]))
  const bodies: string[] = []
  for (let request = 0; request < 8; request++) bodies.push((await send(proxy)).body)
  expect(bodies.join('')).toBe('abcaabca')
  expect(targets.map(countRequests)).toEqual([4, 2, 2])
})

test('each target has its own base path and Host', async () => {
  const [a, b] = [await startTarget('a'), await startTarget('b')]
  const proxy = await startWithSecrets(targetsText([`${a.url}/one`, `${b.url}/two/v2/`]))
  await send(proxy, 'GET /up/models?x=1')
  await send(proxy, 'GET /up/models?x=1')
  expect(receivedBy(a)).toMatch(/^GET \/one\/models\?x=1 HTTP/)
  expect(receivedBy(b)).toMatch(/^GET \/two\/v2\/models\?x=1 HTTP/)
  expect(receivedBy(b).toLowerCase()).toContain(`host: 127.0.0.1:${b.port}`)
})

test.each([
  { name: 'least-requests leaves a busy target alone', upstream: 'balance: least-requests' },
  {
    name: 'a target whose places are taken is passed over',
    upstream: 'limits: { connections: 1, queue: 0 }',
  },
])('$name', async ({ upstream }) => {
  const busy = await startTarget('a', async (connection) => {
    await connection.head()
  })
  const b = await startTarget('b')
  const proxy = await startWithSecrets(targetsText([busy.url, b.url], { upstream }))
  const waiting = await connectRaw(proxy.address)
  waiting.write(requestBytes('GET /up/x'))
  await (await busy.connection(0)).head()
  const bodies = [await send(proxy), await send(proxy), await send(proxy)].map(({ body }) => body)
  expect(bodies).toEqual(['b', 'b', 'b'])
  waiting.socket.destroy()
})

test.each([
  { by: 'credential', field: (user: string) => `x-api-key: sk-TEST-${user}` },
  { by: 'header X-User', field: (user: string) => `x-user: ${user}` },
])('hash by $by keeps what is alike together', async ({ by, field }) => {
  const targets = [await startTarget('a'), await startTarget('b'), await startTarget('c')]
  const proxy = await startWithSecrets(
    targetsText(
      targets.map(({ url }) => url),
      { upstream: `balance: { hash: ${by} }` },
    ),
  )
  const users = Array.from({ length: 12 }, (_, index) => `user-${index}`)
  const ask = async (user: string): Promise<string> =>
    (await send(proxy, 'GET /up/x', [field(user)])).body
  const first: string[] = []
  for (const user of users) first.push(await ask(user))
  const second: string[] = []
  for (const user of users) second.push(await ask(user))
  expect(second).toEqual(first)
  expect(new Set(first).size).toBeGreaterThan(1)
})

test('failures in a row eject a target, never all of them', async () => {
  const ill = await startTarget(
    'ill',
    answering(() => 503),
  )
  const well = await startTarget('well')
  const proxy = await startWithSecrets(
    targetsText([ill.url, well.url], { upstream: 'eject: { failures: 2 }' }),
  )
  const statuses: number[] = []
  for (let request = 0; request < 9; request++) statuses.push((await send(proxy)).status)
  expect(statuses).toEqual([503, 200, 503, 200, 200, 200, 200, 200, 200])
  expect(countRequests(ill)).toBe(2)
  await logged(proxy, { target: ill.url, state: 'ejected' })
})

test('a reload that leaves the upstream alone leaves the ejected out', async () => {
  const ill = await startTarget(
    'ill',
    answering(() => 503),
  )
  const well = await startTarget('well')
  const upstream = 'eject: { failures: 1 }'
  const proxy = await startWithSecrets(targetsText([ill.url, well.url], { upstream }))
  await send(proxy)
  proxy.reload(targetsText([ill.url, well.url], { upstream, route: 'errors: openai' }))
  for (let request = 0; request < 4; request++) expect((await send(proxy)).status).toBe(200)
  expect(countRequests(ill)).toBe(1)
})

test('active checks take a target out and let it in again, and send no credential', async () => {
  let isWell = false
  const a = await startTarget(
    'a',
    answering((head) => (head.startsWith('GET /healthz ') && !isWell ? 500 : 200)),
  )
  const b = await startTarget(
    'b',
    answering(() => 200),
  )
  const proxy = await startWithSecrets(
    targetsText([a.url, b.url], {
      upstream: 'health: { path: /healthz, interval: 100ms, healthy: 1 }',
    }),
  )
  await logged(proxy, { target: a.url, state: 'down' })
  for (let request = 0; request < 4; request++)
    await send(proxy, 'GET /up/mine', ['x-api-key: sk-TEST'])
  expect(receivedBy(a)).not.toContain('/mine')
  isWell = true
  await logged(proxy, { target: a.url, state: 'up' })
  for (let request = 0; request < 2; request++) await send(proxy, 'GET /up/mine')
  expect(receivedBy(a)).toContain('/mine')
  expect(receivedBy(a)).not.toContain('sk-TEST')
})

test('checks stop with the upstream', async () => {
  const a = await startTarget(
    'a',
    answering(() => 200),
  )
  const b = await startTarget('b', async (connection) => {
    await connection.head()
    connection.write(ok('b'))
  })
  const upstream = 'health: { path: /healthz, interval: 100ms }'
  const proxy = await startWithSecrets(targetsText([a.url], { upstream }))
  const check = await a.connection(0)
  await check.head()
  proxy.reload(targetsText([b.url]))
  await check.closed()
  expect((await send(proxy)).body).toBe('b')
})
