import { once } from 'node:events'
import http2, {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type Http2Server,
  type ServerHttp2Stream,
} from 'node:http2'
import { expect, onTestFinished, test, vi } from 'vitest'
import { always, ok } from '../../support/recording-upstream.ts'
import { stopClock } from '../../support/stopped-clock.ts'
import { connectHttp2, exchange, open, outcomeOf, startHttp2 } from './start-tls.ts'

const up = { ':path': '/up/x' }

/** Unlike events.once, it takes an error for an end too. */
function gone(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    if (session.destroyed) resolve()
    else session.once('close', () => resolve())
  })
}

test('drain: open streams finish, those on their way are served, the connection closes, new ones are refused', async () => {
  const { session, address, upstream, proxy } = await startHttp2()
  const first = exchange(session, up)
  const connection = await upstream.connection(0)
  await connection.head()
  const idle = await connectHttp2(address)
  const late = exchange(session, up)
  // Its bytes leave at the end of this turn, before the proxy's.
  await new Promise(setImmediate)
  const drained = proxy.drain(3_600_000)
  const other = await upstream.connection(1)
  await other.head()
  await gone(idle)
  await expect(connectHttp2(address)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  other.write(ok('late'))
  expect(await late).toMatchObject({ status: 200, body: 'late', ending: 'end' })
  expect(session.closed).toBe(true)
  connection.write(ok('finished'))
  expect(await first).toMatchObject({ status: 200, body: 'finished', ending: 'end' })
  await drained
  await expect.poll(proxy.stats).toMatchObject({ connections: 0, inFlight: 0 })
})

test('what is open after the drain time is cut', async () => {
  const { session, upstream, proxy } = await startHttp2()
  const stream = open(session, up)
  const connection = await upstream.connection(0)
  await connection.head()
  await proxy.drain(50)
  await connection.closed()
  expect((await outcomeOf(stream)).status).toBe(null)
  expect(proxy.stats()).toMatchObject({ connections: 0, inFlight: 0 })
})

const resets = [
  { name: 'CANCEL', code: 8 },
  { name: 'NO_ERROR', code: 0 },
  { name: 'REFUSED_STREAM', code: 7 },
  { name: 'a code that nobody knows', code: 4_000 },
]

test.each(resets)(
  'a client that resets on and on by $name is cut off, and leaves nothing behind',
  async ({ code }) => {
    // What a client may do grows again with time.
    stopClock()
    const { session, address, upstream, proxy } = await startHttp2()
    while (!session.destroyed) {
      const streams = Array.from({ length: 50 }, () => open(session, up))
      await ping(session)
      for (const stream of streams) stream.close(code)
      await ping(session)
    }
    expect(proxy.stats().requests).toBeLessThan(400)
    await expect.poll(() => proxy.stats().inFlight).toBe(0)
    await Promise.all(upstream.connections.map((connection) => connection.closed()))
    const answer = await exchange(await connectHttp2(address), { ':path': '/nowhere' })
    expect(answer.status).toBe(404)
  },
)

test('a client that resets amid the responses counts as well', async () => {
  stopClock()
  const { session, proxy } = await startHttp2({
    script: always('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbegun'),
  })
  while (!session.destroyed) {
    const streams = Array.from({ length: 50 }, () => open(session, up))
    await Promise.race([
      Promise.all(streams.map((stream) => once(stream, 'response'))),
      new Promise<void>((resolve) => session.once('close', resolve)),
    ]).catch(() => undefined)
    for (const stream of streams) stream.close(0)
    await ping(session)
  }
  expect(proxy.stats().requests).toBeLessThan(400)
  await expect.poll(() => proxy.stats().inFlight).toBe(0)
})

/** A stream whose response is whole at the proxy; the client lets none of its body come. */
async function leaveUnread(session: ClientHttp2Session): Promise<ClientHttp2Stream> {
  const stream = open(session, up)
  await once(stream, 'response')
  return stream
}

test('what a client leaves unread and resets by NO_ERROR is let go of, and counts', async () => {
  const clock = stopClock()
  const { address, proxy } = await startHttp2({ script: always(ok('unread')) })
  const session = await connectHttp2(address, { initialWindowSize: 0 })
  while (!session.destroyed && proxy.stats().requests < 2_000) {
    const streams = await Promise.all(Array.from({ length: 90 }, () => leaveUnread(session)))
    for (const stream of streams) stream.close(0)
    await ping(session)
    await clock.pass(1_000)
    await clock.pass(1_000)
    await ping(session)
  }
  expect(proxy.stats().requests).toBeLessThan(1_000)
})

test('a client that leaves the end of a response unread is reset after the keep-alive time', async () => {
  const clock = stopClock()
  const { address } = await startHttp2(
    { script: always(ok('unread')) },
    ', limits: { keepAlive: 20s }',
  )
  const session = await connectHttp2(address, { initialWindowSize: 0 })
  const stream = await leaveUnread(session)
  const outcome = outcomeOf(stream)
  await clock.pass(20_000)
  await ping(session)
  expect(stream.closed).toBe(false)
  await clock.pass(2_000)
  expect((await outcome).ending).toBe('CANCEL')
})

test('a client that sends on after its answer is asked to stop after two seconds', async () => {
  const clock = stopClock()
  const { session } = await startHttp2()
  const fields = { ':path': '/elsewhere', ':method': 'POST', 'content-length': '1000000' }
  const stream = session.request({ ':authority': 'localhost', ...fields }, { endStream: false })
  stream.on('error', () => undefined)
  const outcome = outcomeOf(stream)
  stream.write('abc')
  await once(stream, 'end')
  await clock.pass(1_999)
  await ping(session)
  stream.write('and on')
  await ping(session)
  expect(stream.closed).toBe(false)
  await clock.pass(1)
  expect(await outcome).toMatchObject({ status: 404, ending: 'end' })
})

const wholes = [
  { name: 'with a body', method: 'GET', response: ok('whole') },
  { name: 'to HEAD', method: 'HEAD', response: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n' },
  { name: 'of 204', method: 'GET', response: 'HTTP/1.1 204 No Content\r\n\r\n' },
  { name: 'to a body that is not read', method: 'POST', response: ok('enough') },
]

test.each(wholes)('whole responses $name count as no resets', async ({ method, response }) => {
  const { session } = await startHttp2({ script: always(response) })
  for (let round = 0; round < 5; round += 1) {
    const body = method === 'POST' ? 'b' : undefined
    const fields = { ...up, ':method': method }
    const answers = Array.from({ length: 60 }, () => exchange(session, fields, body))
    for (const { ending } of await Promise.all(answers)) expect(ending).toBe('end')
  }
  expect(session.destroyed).toBe(false)
})

const floods = [
  { name: 'pings', send: ping },
  { name: 'settings', send: sendSettings },
]

test.each(floods)('a flood of $name ends the connection', async ({ send }) => {
  stopClock()
  const { session, proxy } = await startHttp2()
  while (!session.destroyed) await send(session)
  await expect.poll(() => proxy.stats().connections).toBe(0)
})

/** Resolves when the proxy has answered, or the connection is gone. */
function ping(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    session.once('close', resolve)
    const done = (): void => {
      session.off('close', resolve)
      resolve()
    }
    if (session.destroyed || !session.ping(done)) done()
  })
}

function sendSettings(session: ClientHttp2Session): Promise<void> {
  return new Promise((resolve) => {
    if (session.destroyed) resolve()
    else session.settings({ enablePush: false }, () => resolve())
    setImmediate(resolve)
  })
}

test('a client that asks for nothing is closed after the time for a head', async () => {
  const clock = stopClock()
  const { session } = await startHttp2({}, ', limits: { headersTimeout: 20s }')
  await ping(session)
  await clock.pass(19_999)
  await ping(session)
  expect(session.closed).toBe(false)
  await clock.pass(1)
  await gone(session)
})

test('a connection with nothing to do is closed after the keep-alive time, not before', async () => {
  const clock = stopClock()
  const { session, upstream } = await startHttp2({}, ', limits: { keepAlive: 20s }')
  const waiting = exchange(session, up)
  const connection = await upstream.connection(0)
  await connection.head()
  await clock.pass(60_000)
  connection.write(ok('late'))
  expect((await waiting).body).toBe('late')
  await ping(session)
  await clock.pass(19_999)
  await ping(session)
  expect(session.closed).toBe(false)
  await clock.pass(1)
  await gone(session)
})

test('a stream that is closed has nobody hear of it but Node', async () => {
  const create = vi.spyOn(http2, 'createServer')
  onTestFinished(() => create.mockRestore())
  const { session } = await startHttp2({ script: always(ok('x')) })
  const server = create.mock.results[0]?.value as Http2Server
  const closed = new Promise<ServerHttp2Stream>((resolve) =>
    server.on('stream', (stream) => {
      stream.once('close', () => setImmediate(resolve, stream))
    }),
  )
  await exchange(session, { ...up, ':method': 'POST' }, 'body')
  const stream = await closed
  const untouched = ['newListener', 'pause', 'removeListener', 'error']
  expect(stream.eventNames().filter((event) => !untouched.includes(String(event)))).toEqual([])
  expect(stream.listenerCount('error')).toBe(1)
})
