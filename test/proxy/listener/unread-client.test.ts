import { once } from 'node:events'
import { expect, test } from 'vitest'
import { openConnection } from './given-connection.ts'

test.each(['tcp', 'tls'] as const)(
  'a client that resets while it is not read is missed when it is looked for: %s',
  async (by) => {
    // Amid a body of which nothing more is read, as its upstream takes no more.
    const onRequest = (request: { readonly pause: () => unknown }): void => void request.pause()
    const { plain, client, socket, connection, ask } = await openConnection({ onRequest }, by)
    await ask('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n')
    expect([socket.isPaused(), connection.closing.dueStep]).toEqual([true, 1])
    client.write(Buffer.alloc(8_000_000))
    // From then on nothing is taken from the kernel.
    while (socket.readableLength < socket.readableHighWaterMark) await new Promise(setImmediate)
    connection.closing.onDue()
    expect(socket.destroyed).toBe(false)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    plain.resetAndDestroy()
    connection.closing.onDue()
    await closed
  },
)

test('who ends its side amid an answer that ends with its connection is not to take it for whole', async () => {
  const { client, socket, connection, ask } = await openConnection({
    onRequest(_request, response) {
      response.writeHead(200, null, [])
      response.write(Buffer.from('begun'))
    },
  })
  let text = ''
  client.on('data', (chunk: Buffer) => {
    text += chunk
    client.emit('got')
  })
  const ending = new Promise((resolve) => {
    client.once('end', () => resolve('whole'))
    client.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code))
  })
  await ask('GET / HTTP/1.0\r\n\r\n')
  while (!text.endsWith('begun')) await once(client, 'got')
  const ended = once(socket, 'end')
  client.end()
  await ended
  connection.end()
  expect(await ending).toBe('ECONNRESET')
})
