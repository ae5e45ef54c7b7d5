import { expect, test } from 'vitest'
import { ok, type Script } from '../../support/recording-upstream.ts'
import { send, startTarget, startWithSecrets, targetsText } from '../../support/start-balanced.ts'

/** Numbers between 0 and 1 that are the same in every run. */
function createDice(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Answers, refuses, breaks off and says 503, as the dice fall. */
function moody(dice: () => number): Script {
  return async (connection) => {
    for (let count = 1; ; count += 1) {
      await connection.head(count)
      const mood = dice()
      if (mood < 0.15) connection.socket.resetAndDestroy()
      else if (mood < 0.25)
        connection.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')
      else if (mood < 0.4)
        connection.write(
          `HTTP/1.1 503 Said\r\nContent-Length: 100000\r\n\r\n${'x'.repeat(100_000)}`,
        )
      else if (mood < 0.55) connection.write('HTTP/1.1 503 Said\r\nContent-Length: 4\r\n\r\nsaid')
      else connection.write(ok('well'))
    }
  }
}

test('whatever the targets do, every request gets an end and no place is lost', async () => {
  const dice = createDice(7)
  const targets = [
    await startTarget('a', moody(dice)),
    await startTarget('b', moody(dice)),
    await startTarget('c', moody(dice)),
  ]
  const proxy = await startWithSecrets(
    targetsText(
      targets.map(({ url }) => url),
      {
        upstream: `
balance: least-requests
eject: { failures: 3, for: 50ms, recover: 50ms }
retry: { attempts: 3, on: [connect, reset, 503], methods: [GET, POST], budget: 100%, backoff: 1ms }
limits: { connections: 4, queue: 100 }`,
      },
    ),
  )
  const body = 'x'.repeat(1_000)
  const asks = Array.from({ length: 400 }, (_, index) => {
    const isChunked = index % 3 === 0
    const fields = isChunked ? ['Transfer-Encoding: chunked'] : [`Content-Length: ${body.length}`]
    const bytes = isChunked ? `3e8\r\n${body}\r\n0\r\n\r\n` : body
    return () => (index % 2 === 0 ? send(proxy) : send(proxy, 'POST /up/x', fields, bytes))
  })
  const statuses = new Map<number, number>()
  const work = async (): Promise<void> => {
    for (let ask = asks.pop(); ask !== undefined; ask = asks.pop()) {
      const { status } = await ask()
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
  expect([...statuses.keys()].every((status) => [200, 502, 503].includes(status))).toBe(true)
  expect([...statuses.values()].reduce((sum, count) => sum + count)).toBe(400)
  expect(statuses.get(200)).toBeGreaterThan(0)
  await expect.poll(() => proxy.proxy.stats().inFlight).toBe(0)
})
