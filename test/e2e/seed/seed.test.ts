import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok, startUpstream } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { startProxy } from '../../support/start-proxy.ts'

/** The sentence that a user writes, with the rule that closes its first hole before it. */
const sentences = (url: string): string => `
version: 1
upstreams:
  up: { url: '${url}', errors: anthropic }
routes:
  - name: anthropic
    match: { path: /anthropic/* }
    rewrite: { strip: /anthropic }
    upstream: up
    rules:
      - if credential matches ^sk-ant-oat use authorization bearer
      - if credential matches ^sk-ant- use x-api-key else authorization bearer
`

interface Exchange {
  readonly sent: readonly string[]
  readonly status: number
  readonly body: string
  /** The request as the upstream received it; empty where nothing was sent. */
  readonly received: string
}

async function exchange(sent: readonly string[]): Promise<Exchange> {
  const upstream = await startUpstream(always(ok('{"type":"message"}')))
  const proxy = await startProxy(sentences(upstream.url))
  closeAfter(proxy.close)
  closeAfter(upstream.close)
  const fields = [...sent, 'X-Request-Id: id-1', 'Content-Length: 2']
  const bytes = requestBytes('POST /anthropic/v1/messages?beta=true', fields, '{}')
  const { status, body } = parseResponse(await exchangeRaw(proxy.address, bytes))
  const received = upstream.connections[0]?.received() ?? ''
  return { sent, status, body, received: received.replace(upstream.url.slice(7), 'upstream') }
}

/** All bytes of the request that the upstream gets, with these fields of the client's. */
function request(fields: readonly string[]): string {
  const lines = [
    'POST /v1/messages?beta=true HTTP/1.1',
    'host: upstream',
    'connection: keep-alive',
    ...fields,
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Proto: http',
    'X-Forwarded-Host: localhost',
    'X-Request-Id: id-1',
    'content-length: 2',
  ]
  return `${lines.join('\r\n')}\r\n\r\n{}`
}

const forwarded: readonly { name: string; sent: readonly string[]; leaves: readonly string[] }[] = [
  {
    name: 'an API key as bearer',
    sent: ['Authorization: Bearer sk-ant-api03-FAKE'],
    leaves: ['x-api-key: sk-ant-api03-FAKE'],
  },
  {
    name: 'an API key as x-api-key',
    sent: ['X-Api-Key: sk-ant-api03-FAKE'],
    leaves: ['x-api-key: sk-ant-api03-FAKE'],
  },
  {
    name: 'an API key as bEaReR',
    sent: ['aUtHoRiZaTiOn: bEaReR sk-ant-api03-FAKE'],
    leaves: ['x-api-key: sk-ant-api03-FAKE'],
  },
  {
    name: 'an API key as BEARER with spaces around',
    sent: ['AUTHORIZATION:  BEARER   sk-ant-api03-FAKE '],
    leaves: ['x-api-key: sk-ant-api03-FAKE'],
  },
  {
    name: 'an OAuth token as bearer, its anthropic-beta untouched',
    sent: [
      'Anthropic-Beta: oauth-2025-04-20,claude-code-20250219 , new-2027-01-01',
      'Authorization: Bearer sk-ant-oat01-FAKE',
      'anthropic-version: 2023-06-01',
      'anthropic-beta: second-2026-01-01',
    ],
    leaves: [
      'Anthropic-Beta: oauth-2025-04-20,claude-code-20250219 , new-2027-01-01',
      'anthropic-version: 2023-06-01',
      'anthropic-beta: second-2026-01-01',
      'authorization: Bearer sk-ant-oat01-FAKE',
    ],
  },
  {
    name: 'an OAuth token as x-api-key',
    sent: ['x-api-key: sk-ant-oat01-FAKE', 'anthropic-beta: oauth-2025-04-20'],
    leaves: ['anthropic-beta: oauth-2025-04-20', 'authorization: Bearer sk-ant-oat01-FAKE'],
  },
  {
    name: 'both headers the same, an API key',
    sent: ['Authorization: Bearer sk-ant-api03-FAKE', 'x-api-key: sk-ant-api03-FAKE'],
    leaves: ['x-api-key: sk-ant-api03-FAKE'],
  },
  {
    name: 'both headers the same, an OAuth token',
    sent: ['x-api-key: sk-ant-oat01-FAKE', 'authorization: bearer sk-ant-oat01-FAKE'],
    leaves: ['authorization: Bearer sk-ant-oat01-FAKE'],
  },
  { name: 'none', sent: ['Accept: */*'], leaves: ['Accept: */*'] },
  {
    name: 'an opaque bearer',
    sent: ['Authorization: Bearer opaque-FAKE'],
    leaves: ['authorization: Bearer opaque-FAKE'],
  },
  {
    name: 'an opaque x-api-key',
    sent: ['x-api-key: opaque-FAKE'],
    leaves: ['authorization: Bearer opaque-FAKE'],
  },
]

test.each(forwarded)('goes on: $name', async ({ sent, leaves }) => {
  const { status, body, received } = await exchange(sent)
  expect(received).toBe(request(leaves))
  expect({ status, body }).toEqual({ status: 200, body: '{"type":"message"}' })
})

const REFRESH =
  'A credential of kind anthropic-refresh (an Anthropic OAuth refresh token) was sent, and is never forwarded. Send the access token (sk-ant-oat01-…) that the login gave beside it.'

const refused: readonly {
  name: string
  sent: readonly string[]
  status: number
  type: string
  message: string
}[] = [
  {
    name: 'both headers different',
    sent: ['Authorization: Bearer sk-ant-oat01-FAKE', 'x-api-key: sk-ant-api03-FAKE'],
    status: 400,
    type: 'invalid_request_error',
    message:
      'Two different credentials were sent, one in the header authorization, one in the header x-api-key; send one.',
  },
  {
    name: 'the same header twice, different',
    sent: ['x-api-key: sk-ant-api03-FAKE1', 'x-api-key: sk-ant-api03-FAKE2'],
    status: 400,
    type: 'invalid_request_error',
    message: 'Two different credentials were sent, both in the header x-api-key; send one.',
  },
  {
    name: 'a refresh token',
    sent: ['Authorization: Bearer sk-ant-ort01-FAKE'],
    status: 403,
    type: 'permission_error',
    message: REFRESH,
  },
  {
    name: 'a refresh token as x-api-key',
    sent: ['x-api-key: sk-ant-ort01-FAKE'],
    status: 403,
    type: 'permission_error',
    message: REFRESH,
  },
]

test.each(refused)('stays: $name', async ({ sent, status, type, message }) => {
  const answer = await exchange(sent)
  const body = Buffer.from(answer.body, 'latin1').toString()
  expect(JSON.parse(body)).toEqual({ type: 'error', error: { type, message } })
  expect(answer.status).toBe(status)
  expect(answer.received).toBe('')
})
