import { expect, test } from 'vitest'
import { ok, type Script } from '../../support/recording-upstream.ts'
import {
  countRequests,
  logged,
  send,
  startTarget,
  startWithSecrets,
} from '../../support/start-balanced.ts'
import { oneRoute } from '../../support/start-proxy.ts'

/** Answers the first request of its first connection, and closes that as the second comes. */
const closesOnce: Script = async (connection, index) => {
  await connection.head()
  connection.write(ok('first'))
  await connection.head(2)
  if (index === 0) connection.socket.destroy()
  else connection.write(ok('second'))
}

test.each(['GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT'])(
  'a %s that meets the end of a kept connection is sent once more, on a new one',
  async (method) => {
    const upstream = await startTarget('up', closesOnce)
    const proxy = await startWithSecrets(
      oneRoute(upstream.url, { upstream: 'retry: { attempts: 0 }' }),
    )
    const fields = method === 'PUT' ? ['Content-Length: 5'] : []
    const body = method === 'PUT' ? 'hello' : ''
    await send(proxy)
    const answer = await send(proxy, `${method} /up/x`, fields, body)
    expect(answer.status).toBe(200)
    expect(upstream.connections).toHaveLength(2)
    expect(upstream.connections[1]?.received()).toMatch(new RegExp(`^${method} /x`))
    await logged(proxy, { upstream: 'up' })
  },
)

test('so is a body that was streamed', async () => {
  const body = 'x'.repeat(300_000)
  const upstream = await startTarget('up', async (connection, index) => {
    if (index === 0) return closesOnce(connection, index)
    await connection.until(body)
    connection.write(ok('whole'))
  })
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: 'retry: { attempts: 0 }' }),
  )
  await send(proxy)
  const answer = await send(proxy, 'PUT /up/x', [`Content-Length: ${body.length}`], body)
  expect([answer.status, answer.body]).toEqual([200, 'whole'])
})

test('a POST is not: nobody can know that it was not carried out', async () => {
  const upstream = await startTarget('up', closesOnce)
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: 'retry: { attempts: 0 }' }),
  )
  await send(proxy)
  const answer = await send(proxy, 'POST /up/x', ['Content-Length: 5'], 'hello')
  expect(answer.status).toBe(502)
  expect(upstream.connections).toHaveLength(1)
})

test('an upstream that closes each new connection too is not asked for ever', async () => {
  const upstream = await startTarget('up', async (connection, index) => {
    await connection.head()
    if (index > 0) return void connection.socket.destroy()
    connection.write(ok('first'))
    await connection.head(2)
    connection.socket.destroy()
  })
  const proxy = await startWithSecrets(
    oneRoute(upstream.url, { upstream: 'retry: { attempts: 0 }' }),
  )
  await send(proxy)
  expect((await send(proxy)).status).toBe(502)
  expect([upstream.connections.length, countRequests(upstream)]).toEqual([2, 3])
})
