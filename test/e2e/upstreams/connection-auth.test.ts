import { expect, test } from 'vitest'
import { connectRaw, requestBytes } from '../../support/raw-client.ts'
import { ok, type Script } from '../../support/recording-upstream.ts'
import { send, startTarget, startWithSecrets } from '../../support/start-balanced.ts'
import { oneRoute, type TestProxy } from '../../support/start-proxy.ts'

/** Answers as who its connection was authenticated as, as NTLM has it. */
const authenticating: Script = async (connection) => {
  let name = 'nobody'
  for (let count = 1; ; count += 1) {
    const head = await connection.head(count)
    const match = /authorization: (?:NTLM|negotiate) (\w+)/i.exec(head)
    name = match?.[1] ?? name
    connection.write(ok(name))
  }
}

/** A client that asks on one connection; resolves to the bodies. */
async function ask(proxy: TestProxy, credentials: readonly (string | null)[]): Promise<string[]> {
  const client = await connectRaw(proxy.address)
  const bodies: string[] = []
  let seen = 0
  for (const credential of credentials) {
    const fields = credential === null ? [] : [`Authorization: ${credential}`]
    client.write(requestBytes('GET /up/x', fields).replace('Connection: close\r\n', ''))
    const text = await answered(client, seen)
    bodies.push(/\r\n\r\n(\w+)$/.exec(text)?.[1] ?? text)
    seen = text.length
  }
  client.socket.destroy()
  return bodies
}

async function answered(
  client: Awaited<ReturnType<typeof connectRaw>>,
  seen: number,
): Promise<string> {
  while (!/\r\n\r\n\w+$/.test(client.received().slice(seen))) await new Promise(setImmediate)
  return client.received()
}

test.each(['NTLM alice', 'Negotiate alice', 'negotiate alice'])(
  'a connection that %s has authenticated serves that client alone',
  async (credential) => {
    const upstream = await startTarget('up', authenticating)
    const proxy = await startWithSecrets(oneRoute(upstream.url))
    const first = await connectRaw(proxy.address)
    first.write(
      requestBytes('GET /up/x', [`Authorization: ${credential}`]).replace(
        'Connection: close\r\n',
        '',
      ),
    )
    await answered(first, 0)
    expect(first.received()).toMatch(/alice$/)
    expect((await send(proxy)).body).toBe('nobody')
    first.socket.destroy()
    await upstream.connections[0]?.closed()
    expect((await send(proxy)).body).toBe('nobody')
  },
)

test('further requests of its client go by the same connection', async () => {
  const upstream = await startTarget('up', authenticating)
  const proxy = await startWithSecrets(oneRoute(upstream.url))
  expect(await ask(proxy, ['NTLM alice', null, null])).toEqual(['alice', 'alice', 'alice'])
  expect(upstream.connections).toHaveLength(1)
  await upstream.connections[0]?.closed()
})

test('a connection that serves everybody becomes bound, and its place is free again behind it', async () => {
  const upstream = await startTarget('up', authenticating)
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: 'limits: { connections: 1 }' }),
  )
  expect((await send(proxy)).body).toBe('nobody')
  expect(await ask(proxy, [null, 'NTLM bob', null])).toEqual(['nobody', 'bob', 'bob'])
  expect((await send(proxy)).body).toBe('nobody')
  expect(upstream.connections).toHaveLength(2)
})

test('a bound connection that the upstream closes gives its place back', async () => {
  const upstream = await startTarget('up', async (connection, index) => {
    await connection.head()
    connection.write(ok(index === 0 ? 'alice' : 'nobody'))
    if (index === 0) connection.socket.end()
  })
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: 'limits: { connections: 1 }' }),
  )
  const first = await connectRaw(proxy.address)
  first.write(
    requestBytes('GET /up/x', ['Authorization: NTLM alice']).replace('Connection: close\r\n', ''),
  )
  await answered(first, 0)
  expect((await send(proxy)).body).toBe('nobody')
})
