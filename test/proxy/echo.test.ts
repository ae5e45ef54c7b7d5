import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse } from '../support/raw-client.ts'
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
