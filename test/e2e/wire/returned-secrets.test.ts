import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const SECRET = 'secret:operator'
const use = (text: string): string => `rules: [{ use: ${text} }]`
const KEY = use("{ header: x-api-key, value: '${secret.operator}' }")

interface Came {
  readonly head: string
  readonly logged: unknown[]
}

/** What becomes of a response to a request that left with the secret. */
async function receive(response: string, route: string): Promise<Came> {
  const { address, logged } = await startPair({
    script: always(response),
    server: 'secrets: { operator: { env: OPERATOR } }',
    route,
  })
  const answer = await exchangeRaw(address, requestBytes('GET /up/x'))
  return { head: answer, logged: logged.map(({ fields, message }) => ({ ...fields, message })) }
}

const found = (field: string) => ({
  id: expect.any(String),
  route: 'up',
  upstream: 'up',
  field,
  secret: 'operator',
  message: 'upstream sent a secret back',
})

const cases = [
  {
    name: 'a redirect',
    field: 'Location',
    value: `https://a.example/?key=${SECRET}&b=1`,
    left: 'https://a.example/?key=***&b=1',
  },
  {
    name: 'percent-encoded',
    field: 'Location',
    value: `/?key=${encodeURIComponent(SECRET)}`,
    left: '/up/?key=***',
  },
  {
    name: 'a cookie',
    field: 'Set-Cookie',
    value: `key=${SECRET}; Path=/`,
    left: 'key=***; Path=/',
  },
  {
    name: 'in base64',
    field: 'X-Debug',
    value: `auth=${btoa(SECRET)}`,
    left: `auth=***${btoa(SECRET).match(/=*$/)}`,
  },
  { name: 'under a scheme', field: 'X-Echo', value: `Bearer ${SECRET}`, left: 'Bearer ***' },
]

test.each(cases)(
  'an operator’s secret does not come back: $name',
  async ({ field, value, left }) => {
    const response = `HTTP/1.1 302 Found\r\n${field}: ${value}\r\nContent-Length: 0\r\n\r\n`
    const { head, logged } = await receive(response, KEY)
    expect(head).not.toContain(SECRET)
    expect(parseResponse(head).fields).toContain(`${field}: ${left}`)
    expect(logged).toEqual([found(field.toLowerCase())])
  },
)

test('nor as it was encoded with a user', async () => {
  const written = btoa(`u:${SECRET}`)
  const response = `HTTP/1.1 200 OK\r\nX-Echo: Basic ${written}\r\nContent-Length: 0\r\n\r\n`
  const { head, logged } = await receive(
    response,
    use("{ basic: { user: u, password: '${secret.operator}' } }"),
  )
  expect(parseResponse(head).fields).toContain('X-Echo: Basic ***')
  expect(logged).toEqual([found('x-echo')])
})

test('nor in a hint before the answer, or in a reason', async () => {
  const hint = `HTTP/1.1 103 Early Hints\r\nLink: </a?key=${SECRET}>\r\n\r\n`
  const response = `${hint}HTTP/1.1 200 ${SECRET}\r\nContent-Length: 0\r\n\r\n`
  const { head } = await receive(response, KEY)
  expect(head).toContain('Link: </a?key=***>')
  expect(head).not.toContain(SECRET)
})

test('nor one that goes along, or that an operation set', async () => {
  const response = `HTTP/1.1 200 OK\r\nX-Echo: ${SECRET}\r\nContent-Length: 0\r\n\r\n`
  for (const route of [
    "also: { header: x-key, value: '${secret.operator}' }",
    "request: { set: { x-team: '${secret.operator}' } }",
  ])
    expect((await receive(response, route)).head).toContain('X-Echo: ***')
})

test('what is the client’s own passes', async () => {
  const { address } = await startPair({
    script: always('HTTP/1.1 200 OK\r\nX-Echo: client-FAKE\r\nContent-Length: 0\r\n\r\n'),
  })
  const answer = await exchangeRaw(address, requestBytes('GET /up/x', ['X-Api-Key: client-FAKE']))
  expect(answer).toContain('X-Echo: client-FAKE')
})
