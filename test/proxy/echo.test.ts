import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse } from '../support/raw-client.ts'
import { closeAfter } from '../support/start-pair.ts'
import { startProxy } from '../support/start-proxy.ts'

const config = `
version: 1
upstreams:
  echo: builtin:echo
routes:
  - name: echo
    match: { path: /echo/* }
    upstream: echo
    rules:
      - if credential matches ^sk-ant- use x-api-key else authorization bearer
  - name: query
    match: { path: /query/* }
    upstream: echo
    rules:
      - use: { query: token }
`

const cases = [
  {
    name: 'an API key moves to x-api-key and shows its prefix alone',
    head: 'POST /echo/v1/messages?beta=true HTTP/1.1',
    fields: ['Authorization: Bearer sk-ant-api03-FAKE', 'Content-Length: 5'],
    body: 'hello',
    expected: {
      method: 'POST',
      path: '/echo/v1/messages?beta=true',
      body: { bytes: 5, text: 'hello' },
      headers: { 'x-api-key': 'sk-ant-api…' },
    },
  },
  {
    name: 'an opaque token keeps its scheme and shows nothing else',
    head: 'GET /echo HTTP/1.1',
    fields: ['x-api-key: opaque-FAKE-value'],
    body: '',
    expected: { path: '/echo', body: null, headers: { authorization: 'Bearer …' } },
  },
  {
    name: 'a credential in the query is masked',
    head: 'GET /query/a?x=1 HTTP/1.1',
    fields: ['x-api-key: opaque-FAKE-value'],
    body: '',
    expected: { path: '/query/a?x=1&token=…' },
  },
  {
    name: 'what the client sent as a credential is masked wherever it stands',
    head: 'GET /echo/opaque-FAKE-value HTTP/1.1',
    fields: ['x-api-key: opaque-FAKE-value', 'X-Copy: is opaque-FAKE-value here'],
    body: '',
    expected: { path: '/echo/…', headers: { 'x-copy': 'is … here' } },
  },
]

test.each(cases)('$name', async ({ head, fields, body, expected }) => {
  const proxy = await startProxy(config)
  closeAfter(proxy.close)
  const lines = [head, 'Host: keyway.test', 'Connection: close', ...fields]
  const answer = parseResponse(
    await exchangeRaw(proxy.address, `${lines.join('\r\n')}\r\n\r\n${body}`),
  )
  expect(answer.status).toBe(200)
  expect(answer.body).not.toContain('FAKE')
  expect(JSON.parse(Buffer.from(answer.body, 'latin1').toString())).toMatchObject(expected)
})

/** What echo answers to a body, by a route whose bodies have a limit. */
async function send(fields: readonly string[], body: string, server = '') {
  const proxy = await startProxy(
    config
      .replace('version: 1', `version: 1\n${server}`)
      .replace('- name: query', '- name: query\n    limits: { body: 40KiB }'),
  )
  closeAfter(proxy.close)
  const lines = ['POST /query/x HTTP/1.1', 'Host: keyway.test', ...fields]
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')
  const answer = parseResponse(await exchangeRaw(proxy.address, bytes))
  return { ...answer, proxy }
}

const shown = (body: string): unknown => JSON.parse(Buffer.from(body, 'latin1').toString()).body

const close = 'Connection: close'

test.each([
  { name: 'text', body: 'h\u00c3\u00a9', shows: { bytes: 3, text: 'hé' } },
  { name: 'what is no text', body: 'a\u00ff', shows: { bytes: 2 } },
  {
    name: 'as much text as is shown',
    body: 'a'.repeat(16_384),
    shows: { bytes: 16_384, text: 'a'.repeat(16_384) },
  },
  { name: 'more than that', body: 'a'.repeat(16_385), shows: { bytes: 16_385 } },
])('a body is counted, and shown if it is short text: $name', async ({ body, shows }) => {
  const answer = await send([close, `Content-Length: ${body.length}`], body)
  expect(answer.status).toBe(200)
  expect(shown(answer.body)).toEqual(shows)
})

test('a body in chunks is read, asked for where its client waits for that', async () => {
  const chunks = '5\r\nhello\r\n0\r\n\r\n'
  const answer = await send([close, 'Transfer-Encoding: chunked'], chunks)
  expect(shown(answer.body)).toEqual({ bytes: 5, text: 'hello' })
})

test('a body over the limit is 413', async () => {
  const answer = await send([close, 'Content-Length: 50000'], 'a'.repeat(50_000))
  expect(answer.status).toBe(413)
  expect(answer.fields).toContain('x-keyway-error: body_too_large')
})

test('a body in broken chunks is 400, and ends the connection', async () => {
  const answer = await send(['Transfer-Encoding: chunked'], 'x\r\n')
  expect(answer.status).toBe(400)
  expect(answer.fields).toContain('x-keyway-error: bad_body')
})

test('a body that does not come is 408 in the end', async () => {
  const answer = await send(
    [close, 'Content-Length: 5'],
    'a',
    'server: { limits: { bodyIdle: 100ms } }',
  )
  expect(answer.status).toBe(408)
  expect(answer.fields).toContain('x-keyway-error: body_timeout')
})

test('fields that come several times are a list', async () => {
  const answer = await send([close, 'X-Many: a', 'X-Many: b', 'x-many: c', 'X-One: d'], '')
  expect(JSON.parse(answer.body).headers).toMatchObject({ 'x-many': ['a', 'b', 'c'], 'x-one': 'd' })
})

test('what decided the request stands beside it', async () => {
  const answer = await send([close, 'X-Api-Key: sk-proj-FAKE1234567890123456'], '')
  expect(JSON.parse(answer.body).keyway).toEqual({
    route: 'query',
    rule: 'rules[0]',
    credential: 'openai',
  })
})

test('a connection goes on after an answer, and whoever leaves amid a body is let go of', async () => {
  const proxy = await startProxy(config)
  closeAfter(proxy.close)
  const client = await connectRaw(proxy.address)
  const get = 'GET /echo/a HTTP/1.1\r\nHost: keyway.test\r\n\r\n'
  client.write(get)
  await client.until('"credential": null\n  }\n}\n')
  client.write(get.replace('/a', '/b'))
  await client.until('"path": "/echo/b"')
  client.write('POST /echo HTTP/1.1\r\nHost: keyway.test\r\nContent-Length: 9\r\n\r\nabc')
  client.socket.destroy()
  await expect.poll(() => proxy.proxy.stats()).toMatchObject({ connections: 0, inFlight: 0 })
})
