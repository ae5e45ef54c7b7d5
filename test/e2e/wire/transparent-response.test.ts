import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const cases = [
  {
    name: 'repeated fields keep number and order',
    sent: ok('x', [
      'Set-Cookie: a=1',
      'WWW-Authenticate: A',
      'Set-Cookie: b=2',
      'www-authenticate: B',
    ]),
    got: ok('x', [
      'Set-Cookie: a=1',
      'WWW-Authenticate: A',
      'Set-Cookie: b=2',
      'www-authenticate: B',
    ]),
  },
  {
    name: 'names and values keep their bytes',
    sent: ok('x', ['X-oDd: a  b\t\xe9\xff', 'X-Empty: ']),
    got: ok('x', ['X-oDd: a  b\t\xe9\xff', 'X-Empty: ']),
  },
  {
    name: 'the reason phrase and the content coding stay',
    sent: ok('\x1f\x8b\x08', ['Content-Encoding: gzip']).replace('200 OK', '299 Just so'),
    got: ok('\x1f\x8b\x08', ['Content-Encoding: gzip']).replace('200 OK', '299 Just so'),
  },
  {
    name: 'an empty reason phrase stays empty',
    sent: 'HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx',
    got: 'HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\nx',
  },
  {
    name: 'a range',
    sent: ok('ell', ['Content-Range: bytes 1-3/5']).replace('200 OK', '206 Partial Content'),
    got: ok('ell', ['Content-Range: bytes 1-3/5']).replace('200 OK', '206 Partial Content'),
  },
  {
    name: 'a redirect is not followed and its Location not rewritten',
    sent: ok('', ['Location: http://a.test/up/x']).replace('200 OK', '302 Found'),
    got: ok('', ['Location: http://a.test/up/x']).replace('200 OK', '302 Found'),
  },
  {
    name: '204',
    sent: 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
    got: 'HTTP/1.1 204 No Content\r\nX-A: 1\r\n\r\n',
  },
  {
    name: '205 with Content-Length: 0',
    sent: 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n',
    got: 'HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n',
  },
  {
    name: '304 with the length that a 200 would have',
    sent: 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n',
    got: 'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nContent-Length: 5\r\n\r\n',
  },
  {
    name: 'HEAD with the length that GET would have',
    method: 'HEAD',
    sent: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
    got: 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
  },
  {
    name: 'HEAD of a chunked resource',
    method: 'HEAD',
    sent: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    got: 'HTTP/1.1 200 OK\r\n\r\n',
  },
  {
    name: 'hop-by-hop fields and what Connection names stay behind',
    sent: ok('x', [
      'Connection: X-Hop, keep-alive',
      'X-Hop: 1',
      'Keep-Alive: timeout=9',
      'Proxy-Connection: close',
      'Proxy-Authenticate: Basic',
      'Upgrade: h2c',
      'TE: trailers',
      'X-End: 1',
    ]),
    got: ok('x', ['X-End: 1']),
  },
  {
    name: 'a Trailer field beside Content-Length',
    sent: ok('x', ['Trailer: X-Sum']),
    got: ok('x'),
  },
  {
    name: 'a Trailer field with HEAD',
    method: 'HEAD',
    sent: ok('', ['Trailer: X-Sum']),
    got: ok(''),
  },
  {
    name: 'a Trailer field with 304',
    sent: 'HTTP/1.1 304 Not Modified\r\nTrailer: X-Sum\r\n\r\n',
    got: 'HTTP/1.1 304 Not Modified\r\n\r\n',
  },
  {
    name: 'early hints',
    sent: `HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nLink: </b>\r\n\r\n${ok('x')}`,
    got: `HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nLink: </b>\r\n\r\n${ok('x')}`,
  },
  {
    name: '102',
    sent: `HTTP/1.1 102 Processing\r\n\r\n${ok('x')}`,
    got: `HTTP/1.1 102 Processing\r\n\r\n${ok('x')}`,
  },
  {
    name: '100 from the upstream is its own business',
    sent: `HTTP/1.1 100 Continue\r\n\r\n${ok('x')}`,
    got: ok('x'),
  },
  {
    name: 'two 100s and a hint from the upstream',
    sent: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 103 E\r\n\r\n${ok('x')}`,
    got: `HTTP/1.1 103 E\r\n\r\n${ok('x')}`,
  },
]

/** An answer without what is the proxy's in it. */
function withoutOwn(answer: string): string {
  return answer.replace('Connection: close\r\n', '').replace(/x-request-id: \S+\r\n/, '')
}

test.each(cases)('$name', async ({ method = 'GET', sent, got }) => {
  const { address } = await startPair({ script: always(sent) })
  const request = requestBytes(`${method} /up/x`)
  const answer = await exchangeRaw(address, request)
  expect(withoutOwn(answer)).toBe(got)
})

test.each(cases)('byte by byte: $name', async ({ method = 'GET', sent, got }) => {
  const { address } = await startPair({
    script: async (connection) => {
      await connection.head()
      for (const byte of sent) {
        if (connection.socket.destroyed) return
        await new Promise<void>((resolve) => {
          connection.socket.write(Buffer.from(byte, 'latin1'), () => setImmediate(resolve))
        })
      }
    },
  })
  const answer = await exchangeRaw(address, requestBytes(`${method} /up/x`))
  expect(withoutOwn(answer)).toBe(got)
})

test('a connection serves on after each of these', async () => {
  const { address } = await startPair({
    script: async (connection) => {
      for (let count = 1; ; count += 1) {
        const head = await connection.head(count)
        connection.write(cases[Number(/\/(\d+) /.exec(head)?.[1])]?.sent ?? ok('last'))
      }
    },
  })
  const client = await connectRaw(address)
  const lines = cases.map(({ method = 'GET' }, index) => `${method} /up/${index}`)
  client.write(lines.map((line) => requestBytes(line, ['Connection: keep-alive'])).join(''))
  client.write(requestBytes(`GET /up/${cases.length}`))
  const statuses = [...(await client.closed()).matchAll(/HTTP\/1\.1 ([2-5]\d\d)/g)]
  expect(statuses.length).toBe(cases.length + 1)
})

test('a chunked response stays chunked; its trailers stay behind', async () => {
  const { address } = await startPair({
    script: always(
      'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n',
    ),
  })
  const answer = parseResponse(await exchangeRaw(address, requestBytes('GET /up/x')))
  expect(answer.fields.filter((field) => !field.startsWith('x-request-id: '))).toEqual([
    'Connection: close',
    'Transfer-Encoding: chunked',
  ])
  expect(answer.body).toBe('3\r\nabc\r\n0\r\n\r\n')
})

test('a body that ends with the connection arrives whole', async () => {
  const { address } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write('HTTP/1.1 200 OK\r\n\r\nto the end')
      connection.socket.end()
    },
  })
  const answer = parseResponse(await exchangeRaw(address, requestBytes('GET /up/x')))
  expect(answer.body).toBe('a\r\nto the end\r\n0\r\n\r\n')
})

test('early hints do not go to an HTTP/1.0 client', async () => {
  const { address } = await startPair({
    script: always(`HTTP/1.1 103 Early Hints\r\n\r\n${ok('x')}`),
  })
  expect(await exchangeRaw(address, 'GET /up/x HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK/)
})

const bad = [
  { name: 'no HTTP', sent: 'SSH-2.0-OpenSSH\r\n\r\n' },
  { name: 'an unasked 101', sent: 'HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n' },
  {
    name: 'two lengths',
    sent: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
  },
  {
    name: 'a length and chunked',
    sent: 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  },
  {
    name: 'a coding before chunked',
    sent: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  },
  { name: 'a status of no class', sent: 'HTTP/1.1 099 X\r\nContent-Length: 0\r\n\r\n' },
  { name: 'NUL in a value', sent: 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n' },
  { name: 'CR CR behind the reason', sent: 'HTTP/1.1 200 OK\r\rX: a\r\nContent-Length: 0\r\n\r\n' },
  { name: 'a folded field', sent: 'HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 0\r\n\r\n' },
  { name: 'a head without end', sent: `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}` },
]

test.each(bad)('a bad response is a 502 and ends nothing: $name', async ({ sent }) => {
  const { address, logged } = await startPair({ script: always(sent) })
  for (const target of ['/up/1', '/up/2']) {
    const answer = parseResponse(await exchangeRaw(address, requestBytes(`GET ${target}`)))
    expect(answer.status).toBe(502)
    expect(answer.fields).toContain('x-keyway-error: upstream_failed')
  }
  expect(logged.length).toBe(2)
})

test('a response carries the id of its request, and keeps one that its upstream gave it', async () => {
  const own = await startPair({ script: always(ok('x')) })
  const sent = requestBytes('GET /up/x', ['X-Request-Id: id-1'])
  expect(await exchangeRaw(own.address, sent)).toContain('\r\nx-request-id: id-1\r\n')
  const given = await startPair({
    script: always('HTTP/1.1 200 OK\r\nX-Request-ID: req_2\r\nContent-Length: 1\r\n\r\nx'),
  })
  const answer = await exchangeRaw(given.address, sent)
  expect(answer.match(/x-request-id: .*/gi)).toEqual(['X-Request-ID: req_2'])
})
