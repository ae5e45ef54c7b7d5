import fastify, { type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { ConfigurationError } from '../../../src/app/errors.ts'
import { keyway } from '../../../src/fastify.ts'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok, type Script, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute } from '../../support/start-proxy.ts'
import { stopClock } from '../../support/stopped-clock.ts'
import { type App, startApp } from './start-app.ts'

const RULES = { route: 'rules: [if credential prefix sk-ant- use x-api-key]' }
const KEY = 'Authorization: Bearer sk-ant-api03-FAKE'

async function start(
  script: Script = always(ok('up')),
  prepare?: (app: FastifyInstance) => void,
): Promise<App & { upstream: Awaited<ReturnType<typeof startUpstream>> }> {
  const upstream = await startUpstream(script)
  const app = await startApp(oneRoute(upstream.url, RULES), prepare)
  closeAfter(upstream.close)
  return { ...app, upstream }
}

test('a request below the prefix is decided by the file, which knows nothing of the prefix', async () => {
  const { address, upstream } = await start()
  const answer = await exchangeRaw(address, requestBytes('GET /llm/up/v1?a=1', [KEY]))
  expect(parseResponse(answer).body).toBe('up')
  const head = await (await upstream.connection(0)).head()
  expect(head.split('\r\n')[0]).toBe('GET /v1?a=1 HTTP/1.1')
  expect(head.toLowerCase()).toContain('x-api-key: sk-ant-api03-fake')
  expect(head.toLowerCase()).not.toContain('authorization')
})

test.each([
  {
    name: 'below it, where no route is',
    line: 'GET /llm/elsewhere',
    status: 404,
    code: 'no_route',
  },
  { name: 'itself', line: 'GET /llm', status: 404, code: 'no_route' },
  { name: 'itself with a query', line: 'GET /llm?a=1', status: 404, code: 'no_route' },
  { name: 'in other letters', line: 'GET /%6clm/up/v1', status: 400, code: 'bad_target' },
])('the prefix $name', async ({ line, status, code }) => {
  const { address } = await start()
  const answer = parseResponse(await exchangeRaw(address, requestBytes(line, [KEY])))
  expect(answer.status).toBe(status)
  expect(answer.body).toContain(`"${code}"`)
})

test('a redirect to the upstream itself leads below the prefix', async () => {
  const moved = 'HTTP/1.1 302 Found\r\nLocation: /v2/x\r\nContent-Length: 0\r\n\r\n'
  const { address } = await start(always(moved))
  const answer = await exchangeRaw(address, requestBytes('GET /llm/up/v1', [KEY]))
  expect(parseResponse(answer).fields).toContain('Location: /llm/up/v2/x')
})

test.each([
  { name: 'JSON', fields: ['Content-Type: application/json'] },
  { name: 'no type', fields: [] },
  { name: 'what Fastify can not read', fields: ['Content-Type: ;;;'] },
  { name: 'nothing that is a type', fields: ['Content-Type: text'] },
])('a body over the limit of the application streams on unread: $name', async ({ fields }) => {
  const { address, upstream } = await start(async (connection) => {
    await connection.until('first')
    connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbeg\r\n')
    await connection.until('last')
    connection.write('3\r\nend\r\n0\r\n\r\n')
  })
  const client = await connectRaw(address)
  const length = 'Content-Length: 3000009'
  client.write(requestBytes('POST /llm/up/v1', [KEY, length, ...fields], 'first'))
  await client.until('beg')
  client.write(Buffer.alloc(3_000_000, '.'))
  client.write('last')
  expect(await client.closed()).toContain('end')
  const head = await (await upstream.connection(0)).head()
  for (const field of fields) expect(head).toContain(field)
})

test('other routes of the application keep their parsers, limits and upgrades', async () => {
  const { address } = await start(undefined, (app) => {
    app.post('/own', async ({ body }) => ({ body }))
  })
  const json = ['Content-Type: application/json', 'Content-Length: 7']
  const own = await exchangeRaw(address, requestBytes('POST /own', json, '{"a":1}'))
  expect(parseResponse(own).body).toBe('{"body":{"a":1}}')
  const long = ['Content-Type: application/json', 'Content-Length: 65']
  const refused = await exchangeRaw(address, requestBytes('POST /own', long, ' '.repeat(65)))
  expect(parseResponse(refused).status).toBe(413)
  const offer = ['Connection: close, Upgrade', 'Upgrade: h2c']
  const plain = await exchangeRaw(
    address,
    requestBytes('POST /own', [...json, ...offer], '{"a":2}'),
  )
  expect(parseResponse(plain).body).toBe('{"body":{"a":2}}')
})

test.each([
  { name: 'behind its head', head: ['Expect: 100-continue'], body: ['', '{"a":1}'] },
  { name: 'with its head', head: [], body: ['{"a":1}', ''] },
])(
  'an upgrade that the application takes, and nobody listens for, is a request with its body $name',
  async ({ head, body: [early, late] }) => {
    const { address } = await start(undefined, (app) => {
      app.post('/own', async ({ body }) => ({ body }))
      Object.assign(app.server, { shouldUpgradeCallback: () => true })
    })
    const json = ['Content-Type: application/json', 'Content-Length: 7', ...head]
    const offer = ['Connection: Upgrade', 'Upgrade: h2c']
    const client = await connectRaw(address)
    client.write(requestBytes('POST /own', [...json, ...offer], early))
    if (late !== '') await client.until('HTTP/1.1 100 Continue\r\n\r\n')
    client.write(late ?? '')
    expect(await client.until('{"body":{"a":1}}')).toContain('HTTP/1.1 200 OK\r\n')
    client.socket.destroy()
  },
)

test.each(['onRequest', 'preHandler'] as const)(
  'a hook of the application that refuses (%s) stands before it, for WebSockets too',
  async (hook) => {
    const { address, upstream } = await start(undefined, (app) => {
      app.addHook(hook as 'onRequest', async (request, reply) => {
        if (request.headers['x-user'] === undefined) await reply.code(401).send('who?')
      })
    })
    for (const fields of [[KEY], [KEY, ...HANDSHAKE]]) {
      const answer = await exchangeRaw(address, requestBytes('GET /llm/up/v1', fields))
      expect(parseResponse(answer)).toMatchObject({ status: 401, body: 'who?' })
    }
    expect(upstream.connections).toEqual([])
    const answer = await exchangeRaw(address, requestBytes('GET /llm/up/v1', [KEY, 'X-User: a']))
    expect(parseResponse(answer).status).toBe(200)
  },
)

const HANDSHAKE = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
]

test('a WebSocket behind a request that the application has not answered yet ends its connection, and nothing else', async () => {
  const { address } = await start(undefined, (app) => {
    app.get('/own', async () => 'own')
    app.get('/never', () => new Promise(() => undefined))
  })
  const client = await connectRaw(address)
  const never = 'GET /never HTTP/1.1\r\nHost: a\r\n\r\n'
  client.write(`${never}${requestBytes('GET /llm/up/socket', [KEY, ...HANDSHAKE])}`)
  expect(await client.closed()).toBe('')
  const own = await exchangeRaw(address, requestBytes('GET /own'))
  expect(parseResponse(own).body).toBe('own')
})

test('fields that a hook sets go along with the response, which may have its own', async () => {
  const { address } = await start(always(ok('up', ['X-Both: upstream'])), (app) => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('x-own', 'hook').header('x-both', 'hook')
    })
  })
  const { fields } = parseResponse(
    await exchangeRaw(address, requestBytes('GET /llm/up/v1', [KEY])),
  )
  expect(fields.filter((field) => /^x-(own|both)/i.test(field)).toSorted()).toEqual([
    'X-Both: upstream',
    'x-own: hook',
  ])
})

test('a WebSocket goes through both ways', async () => {
  const { address, upstream } = await start(async (connection) => {
    await connection.head()
    connection.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n')
    connection.write('Connection: Upgrade\r\n\r\nhello')
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /llm/up/socket', [KEY, ...HANDSHAKE]))
  await client.until('hello')
  client.write('a frame')
  const connection = await upstream.connection(0)
  const received = await connection.until('a frame')
  connection.socket.destroy()
  await client.closed()
  expect(received).toMatch(/^GET \/socket HTTP\/1\.1\r\n/)
  expect(received.toLowerCase()).toContain('x-api-key: sk-ant-api03-fake')
})

test('a WebSocket with a body is refused', async () => {
  const { address, upstream } = await start()
  const length = ['Content-Length: 5', ...HANDSHAKE]
  const client = await connectRaw(address)
  client.write(requestBytes('GET /llm/up/socket', length, 'abcde'))
  expect(await client.until('"handshake_with_body"')).toMatch(/^HTTP\/1\.1 400 /)
  client.socket.destroy()
  expect(upstream.connections).toEqual([])
})

test('a long answer in place of a WebSocket arrives whole', async () => {
  const body = 'a'.repeat(8_000_000)
  const { address } = await start(always(ok(body)))
  const answer = await exchangeRaw(address, requestBytes('GET /llm/up/socket', [KEY, ...HANDSHAKE]))
  expect(parseResponse(answer).body).toBe(body)
})

test('a client that sends on after its answer is cut off after two seconds', async () => {
  const clock = stopClock()
  const { address } = await start()
  const client = await connectRaw(address)
  const long = ['Content-Length: 1000000', 'Connection: keep-alive']
  client.write(requestBytes('POST /llm/elsewhere', long, 'abc'))
  await client.until('no_route')
  await clock.pass(1_999)
  client.write('and on')
  await exchangeRaw(address, requestBytes('GET /llm/up/x'))
  expect(client.ending()).toBe(null)
  await clock.pass(1)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 404/)
})

test('of a request that was answered early the rest is read, and the next one is served', async () => {
  const { address } = await start()
  const client = await connectRaw(address)
  const long = ['Content-Length: 500000', 'Connection: keep-alive']
  client.write(requestBytes('POST /llm/elsewhere', long, 'a'.repeat(100_000)))
  await client.until('no_route')
  client.write(`${'a'.repeat(400_000)}${requestBytes('GET /llm/up/x')}`)
  expect(await client.closed()).toMatch(/^HTTP\/1\.1 404 [\s\S]*HTTP\/1\.1 200 [\s\S]*up$/)
})

test('a change of the file is live while the application runs', async () => {
  const { address, upstream, write, logged } = await start()
  write(oneRoute(upstream.url, RULES).replaceAll('/up', '/new'))
  await logged('configuration applied')
  for (const [path, status] of Object.entries({ '/llm/up': 404, '/llm/new': 200 })) {
    const answer = parseResponse(await exchangeRaw(address, requestBytes(`GET ${path}`, [KEY])))
    expect({ path, status: answer.status }).toEqual({ path, status })
  }
})

test('a close lets what is open finish, and leaves no connection to an upstream', async () => {
  let end = (): void => {}
  const { app, address, upstream } = await start(async (connection) => {
    await connection.head()
    connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbeg\r\n')
    end = () => connection.write('3\r\nend\r\n0\r\n\r\n')
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /llm/up/v1', [KEY, 'Connection: keep-alive']))
  await client.until('beg')
  const closed = app.close()
  end()
  expect(await client.closed()).toContain('end')
  await closed
  await (await upstream.connection(0)).closed()
})

test('a close cuts what does not end within the drain time, tunnels too', async () => {
  const upstream = await startUpstream(async (connection) => {
    const head = await connection.head()
    if (head.includes('websocket'))
      connection.write('HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    else connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbeg\r\n')
  })
  closeAfter(upstream.close)
  const server = 'server: { limits: { drain: 10ms } }'
  const { app, address } = await startApp(oneRoute(upstream.url, { ...RULES, server }))
  const [streaming, tunnel] = [await connectRaw(address), await connectRaw(address)]
  streaming.write(requestBytes('GET /llm/up/v1', [KEY]))
  tunnel.write(requestBytes('GET /llm/up/v1', [KEY, ...HANDSHAKE]))
  await streaming.until('beg')
  await tunnel.until('101')
  await app.close()
  await Promise.all([streaming.closed(), tunnel.closed()])
  expect(streaming.received()).not.toContain('\r\n0\r\n')
})

test('a slash at the end of the prefix is none of the path', async () => {
  const upstream = await startUpstream(always(ok('up')))
  closeAfter(upstream.close)
  const { address } = await startApp(oneRoute(upstream.url, RULES), () => {}, '/llm/')
  const answer = await exchangeRaw(address, requestBytes('GET /llm/up/v1', [KEY]))
  expect(parseResponse(answer).body).toBe('up')
  const head = await (await upstream.connection(0)).head()
  expect(head.split('\r\n')[0]).toBe('GET /v1 HTTP/1.1')
})

test('a file with errors is refused with them in the message, and no file at all in words', async () => {
  const text = 'version: 1\nroutes:\n  - { name: a, match: { path: /a/* }, upstream: none }\n'
  await expect(startApp(text)).rejects.toThrow(
    /has errors\n.*routes\.yaml:3:49 error undefined-upstream .*there is no upstream "none"/,
  )
  const app = fastify()
  closeAfter(() => app.close())
  const registered = app.register(keyway as never, { prefix: '/llm' })
  await expect(Promise.resolve(registered)).rejects.toThrow('"config" names the configuration file')
})

test.each([
  { name: 'a bad file', prefix: '/llm', config: 'test/fixtures/absent.yaml', options: {} },
  { name: 'a prefix with a parameter', prefix: '/:a', config: 'config/routes.yaml', options: {} },
  { name: 'HTTP/2', prefix: '/llm', config: 'config/routes.yaml', options: { http2: true } },
])('$name is refused before anything is served', async ({ prefix, config, options }) => {
  const app = fastify(options as object)
  closeAfter(() => app.close())
  // biome-ignore lint/nursery/noMisusedPromises: Fastify takes it, by another of its overloads
  const registered = app.register(keyway, { prefix, config })
  const error = await Promise.resolve(registered).then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  expect(error instanceof ConfigurationError).toBe(config.includes('absent'))
})
