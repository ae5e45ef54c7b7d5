import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openTunnel } from '../../../src/proxy/upstream/open-tunnel.ts'
import { type RecordingUpstream, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'

/** Asks a proxy for a tunnel to a target; `user` is what its URL says before the host. */
async function ask(
  target = { host: 'api.test', port: 443 },
  user = '',
): Promise<{ proxy: RecordingUpstream; ended: Promise<Socket | Error>; told: unknown[] }> {
  const proxy = await startUpstream()
  closeAfter(proxy.close)
  const told: unknown[] = []
  const ended = new Promise<Socket | Error>((resolve) => {
    const end = (one: Socket | Error): void => {
      told.push(one)
      resolve(one)
    }
    const watch = (socket: Socket): void => {
      socket.on('error', () => undefined)
      closeAfter(async () => void socket.destroy())
    }
    openTunnel(`http://${user}127.0.0.1:${proxy.port}`, target, { watch, fail: end }, end)
  })
  return { proxy, ended, told }
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`

test.each([
  { name: 'nobody', user: '', shown: null },
  { name: 'a user with a password', user: 'ann:FAKE@', shown: basic('ann:FAKE') },
  { name: 'a user alone', user: 'ann@', shown: basic('ann:') },
  { name: 'a password alone', user: ':FAKE@', shown: basic(':FAKE') },
  { name: 'what is percent-encoded', user: 'a%40b:F%3AKE@', shown: basic('a@b:F:KE') },
])('the proxy is shown $name', async ({ user, shown }) => {
  const { proxy } = await ask(undefined, user)
  const head = await (await proxy.connection(0)).until('\r\n\r\n')
  const field = /^proxy-authorization: (.*)\r$/im.exec(head)?.[1] ?? null
  expect(field).toBe(shown)
})

test.each([
  { host: 'api.test', port: 443, authority: 'api.test:443' },
  { host: '::1', port: 8443, authority: '[::1]:8443' },
])('a tunnel to $host is asked for as $authority', async ({ host, port, authority }) => {
  const { proxy } = await ask({ host, port })
  const head = await (await proxy.connection(0)).until('\r\n\r\n')
  expect(head.split('\r\n')[0]).toBe(`CONNECT ${authority} HTTP/1.1`)
  expect(head.toLowerCase()).toContain(`\r\nhost: ${authority}\r\n`)
})

test.each([
  { name: 'in one piece', pieces: ['HTTP/1.1 200 OK\r\n\r\nhello'] },
  { name: 'byte by byte', pieces: [...'HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello'] },
  { name: 'behind another of success', pieces: ['HTTP/1.1 204 N\r\n\r\nhello'] },
  {
    name: 'behind one that says to wait',
    pieces: ['HTTP/1.1 103 E\r\n\r\nHTTP/1.1 200 OK\r\n\r\nhello'],
  },
  { name: 'alone', pieces: ['HTTP/1.1 200 OK\r\n\r\n', 'hello'] },
])('what the upstream says behind the answer is not lost: $name', async ({ pieces }) => {
  const { proxy, ended } = await ask()
  const connection = await proxy.connection(0)
  await connection.until('\r\n\r\n')
  for (const piece of pieces) {
    connection.write(piece)
    await new Promise(setImmediate)
  }
  const socket = (await ended) as Socket
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk
  })
  socket.resume()
  while (received !== 'hello') await once(socket, 'data')
  socket.write('back')
  expect(await connection.until('back')).toMatch(/\r\n\r\nback$/)
})

test.each([
  { name: 'a refusal', bytes: 'HTTP/1.1 407 No\r\n\r\n', code: 'ERR_PROXY_REFUSED' },
  {
    name: 'an answer that sends elsewhere',
    bytes: 'HTTP/1.1 302 No\r\n\r\n',
    code: 'ERR_PROXY_REFUSED',
  },
  { name: 'no HTTP', bytes: 'SSH-2.0-x\r\n\r\n', code: 'RESPONSE_STATUS_LINE' },
])('$name fails it, once', async ({ bytes, code }) => {
  const { proxy, ended, told } = await ask()
  const connection = await proxy.connection(0)
  await connection.until('\r\n\r\n')
  connection.write(bytes)
  expect(await ended).toMatchObject({ code })
  expect(told).toHaveLength(1)
})
