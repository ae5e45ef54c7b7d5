import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { joinTunnel } from '../../../src/proxy/client/web-socket-tunnel.ts'
import { closeAfter } from '../../support/start-pair.ts'

/** Two ends of one connection. */
async function connected(): Promise<readonly [Socket, Socket]> {
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [near] = (await once(server, 'connection')) as [Socket]
  closeAfter(async () => {
    near.destroy()
    far.destroy()
    server.close()
  })
  far.on('error', () => undefined)
  return [near, far]
}

interface Given {
  readonly messageBytes?: number
  readonly idleMs?: number
  readonly early?: string
}

/** A client and a server, joined by a tunnel, and the tunnel's own ends. */
async function join({ messageBytes = 0, idleMs = 0, early = '' }: Given = {}) {
  const [client, person] = await connected()
  const [upstream, server] = await connected()
  const closed: string[] = []
  const handshake = { socket: client, takeEarly: () => Buffer.from(early) }
  joinTunnel(handshake, 101, ['X-Up', '\xe9'], {
    ...{ upstream, messageBytes, idleMs },
    onClosed: () => void closed.push('closed'),
  })
  return { client, person, upstream, server, closed }
}

const HEAD =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Up: \xe9\r\n\r\n'

/** What a socket brings until it has brought so much, or ends. */
async function read(socket: Socket, bytes = Number.POSITIVE_INFINITY): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += (chunk as Buffer).toString('latin1')
    if (text.length >= bytes) break
  }
  return text
}

test('the client is told, and what it sent ahead comes first', async () => {
  const { person, server } = await join({ early: 'early ' })
  person.write('late')
  expect(await read(server, 10)).toBe('early late')
  server.write('back')
  expect(await read(person, HEAD.length + 4)).toBe(`${HEAD}back`)
})

test('who ends its side may still be answered, and the tunnel is over when both have closed', async () => {
  const { client, person, upstream, server, closed } = await join()
  const both = Promise.all([once(client, 'close'), once(upstream, 'close')])
  person.end('last')
  expect(await read(server)).toBe('last')
  server.write('answer')
  expect(await read(person, HEAD.length + 6)).toBe(`${HEAD}answer`)
  expect(closed).toEqual([])
  server.end()
  await both
  expect(closed).toEqual(['closed'])
})

test('one side that is closed is not both', async () => {
  const { client, upstream, closed } = await join()
  upstream.destroy = () => upstream
  client.destroy()
  await once(client, 'close')
  expect(closed).toEqual([])
})

test.each(['client', 'upstream'] as const)(
  'where the %s fails the other side is reset',
  async (side) => {
    const tunnel = await join()
    const other = side === 'client' ? tunnel.upstream : tunnel.client
    const far = side === 'client' ? tunnel.server : tunnel.person
    const failed = once(far, 'error')
    far.resume()
    if (side === 'upstream') await once(far, 'data')
    tunnel[side].destroy(new Error('a failure'))
    const [error] = (await failed) as [NodeJS.ErrnoException]
    expect([error.code, other.destroyed]).toEqual(['ECONNRESET', true])
  },
)

test.each(['client', 'upstream'] as const)(
  'where the %s is closed amid its bytes so is the other',
  async (side) => {
    const tunnel = await join()
    const other = side === 'client' ? tunnel.upstream : tunnel.client
    tunnel[side].destroy()
    await once(other, 'close')
    expect(other.destroyed).toBe(true)
  },
)

test('a tunnel on which nothing comes for too long is closed on both sides', async () => {
  const { client, upstream } = await join({ idleMs: 60_000 })
  expect(client.timeout).toBe(60_000)
  client.emit('timeout')
  expect([client.destroyed, upstream.destroyed]).toEqual([true, true])
})

test.each(['client', 'upstream'] as const)(
  'the %s that takes no more stops the other side until it does',
  async (side) => {
    const tunnel = await join()
    const sink = tunnel[side]
    const source = side === 'client' ? tunnel.upstream : tunnel.client
    const far = side === 'client' ? tunnel.server : tunnel.person
    sink.write = () => false
    const brought = once(source, 'data')
    far.write('more')
    await brought
    expect(source.isPaused()).toBe(true)
    sink.emit('drain')
    expect(source.isPaused()).toBe(false)
  },
)

describe('a message longer than the limit', () => {
  /** A text message of so many bytes, by a client (masked with zeros) or a server. */
  const message = (length: number, by: 'client' | 'server'): Buffer => {
    const head = Buffer.from([0x81, by === 'client' ? 0x80 | length : length])
    const mask = by === 'client' ? Buffer.alloc(4) : Buffer.alloc(0)
    return Buffer.concat([head, mask, Buffer.alloc(length, 'm')])
  }

  test('of a client: it is told 1009, and the server gets what came before alone', async () => {
    const { person, server } = await join({ messageBytes: 10 })
    const short = message(10, 'client')
    person.write(Buffer.concat([short, message(11, 'client')]))
    expect(Buffer.from(await read(server), 'latin1').subarray(0, short.length)).toEqual(short)
    const told = Buffer.from((await read(person)).slice(HEAD.length), 'latin1')
    expect([told[0], told.readUInt16BE(2)]).toEqual([0x88, 1009])
  })

  test('of a server: it is told so by a masked frame, as a client would', async () => {
    const { person, server } = await join({ messageBytes: 10 })
    server.write(message(11, 'server'))
    const told = Buffer.from(await read(server), 'latin1')
    expect([told[0], (told[1] as number) & 0x80]).toEqual([0x88, 0x80])
    expect((await read(person)).startsWith(HEAD)).toBe(true)
  })

  test('passes where there is no limit', async () => {
    const { person, server } = await join()
    const long = message(120, 'client')
    person.write(long)
    expect(Buffer.from(await read(server, long.length), 'latin1')).toEqual(long)
  })
})
