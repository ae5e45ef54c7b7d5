import { expect, test } from 'vitest'
import { exchangeRaw, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const useKey = `
rules:
  - use: x-api-key
`

/** The fields that reach the upstream, without those that Keyway and undici always write. */
async function forwarded(
  fields: readonly string[],
  texts: { route?: string; server?: string } = {},
) {
  const { address, upstream } = await startPair({ ...texts, script: always(ok('')) })
  await exchangeRaw(address, requestBytes('GET /up/x', fields))
  const [, ...lines] = (upstream.connections[0]?.received() ?? '').trimEnd().split('\r\n')
  return lines
}

const alwaysWritten = /^(host|connection|x-forwarded-|x-request-id)/i

const cases = [
  {
    name: 'the standard ones',
    fields: [
      'Connection: keep-alive',
      'Keep-Alive: timeout=1',
      'Proxy-Connection: keep-alive',
      'Proxy-Authorization: Basic RkFLRQ==',
      'Proxy-Authenticate: Basic',
      'TE: trailers',
      'Trailer: X-A',
      'Upgrade: x',
      'X-End: 1',
      'Connection: close',
    ],
    expected: ['X-End: 1'],
  },
  {
    name: 'those that Connection names, in any case and in several fields',
    fields: [
      'Connection: close, X-Hop',
      'x-hop: 1',
      'connection: x-other',
      'X-Other: 2',
      'X-End: 1',
    ],
    expected: ['X-End: 1'],
  },
  {
    name: 'Connection may not name the length away',
    fields: ['Connection: close, content-length', 'Content-Length: 0', 'X-End: 1'],
    expected: ['X-End: 1'],
  },
]

test.each(cases)('hop-by-hop fields stay behind: $name', async ({ fields, expected }) => {
  const lines = await forwarded(fields)
  expect(lines.filter((line) => !alwaysWritten.test(line))).toEqual(expected)
})

test("a client's Connection can not take away what Keyway writes", async () => {
  const lines = await forwarded(
    ['Authorization: Bearer sk-ant-api03-FAKE', 'Connection: close, x-api-key, x-request-id'],
    { route: useKey },
  )
  expect(lines).toContain('x-api-key: sk-ant-api03-FAKE')
  expect(lines.join('\n')).toMatch(/^X-Request-Id: /m)
})

test('forwarding fields of a peer that is not trusted are overwritten', async () => {
  const lines = await forwarded([
    'X-Forwarded-For: 1.2.3.4',
    'X-Forwarded-Proto: https',
    'X-Forwarded-Host: evil.test',
    'Forwarded: for=1.2.3.4',
  ])
  expect(lines.filter((line) => /forwarded/i.test(line))).toEqual([
    'X-Forwarded-For: 127.0.0.1',
    'X-Forwarded-Proto: http',
    'X-Forwarded-Host: localhost',
    'Forwarded: for=127.0.0.1;host="localhost";proto=http',
  ])
})

test('those of a peer that is trusted are appended to', async () => {
  const lines = await forwarded(
    ['X-Forwarded-For: 1.2.3.4', 'X-Forwarded-Proto: https', 'X-Forwarded-Host: outer.test'],
    { server: 'server: { trust: [127.0.0.0/8] }' },
  )
  expect(lines).toContain('X-Forwarded-For: 1.2.3.4, 127.0.0.1')
  expect(lines).toContain('X-Forwarded-Proto: https')
  expect(lines).toContain('X-Forwarded-Host: outer.test')
})

test('a sane request id is kept, any other is replaced, each with one of its own', async () => {
  expect(await forwarded(['X-Request-Id: abc-1'])).toContain('X-Request-Id: abc-1')
  const replaced = await forwarded([`X-Request-Id: ${'x'.repeat(129)}`])
  expect(replaced.join('\n')).toMatch(/^X-Request-Id: [0-9a-f]{12}-1$/m)
  const spaced = await forwarded(['X-Request-Id: a b'])
  expect(spaced.join('\n')).toMatch(/^X-Request-Id: [0-9a-f]{12}-1$/m)
})

test('fields that only a proxy has a say in do not pass from others', async () => {
  const pretended = [
    'X-Forwarded-Prefix: /admin',
    'X-Forwarded-Port: 444',
    'X-Real-IP: 10.0.0.1',
    'X_Forwarded_For: 10.0.0.1',
    'X-Original-URL: /admin',
    'Proxy: http://evil.test',
  ]
  const seen = await forwarded([...pretended, 'X-End: 1'])
  expect(seen.filter((line) => !alwaysWritten.test(line))).toEqual(['X-End: 1'])
  const trusted = await forwarded(['X-Forwarded-Prefix: /p', 'X-Real-IP: 10.0.0.1'], {
    server: 'server: { trust: [127.0.0.1] }',
  })
  expect(trusted).toContain('X-Forwarded-Prefix: /p')
  expect(trusted).toContain('X-Real-IP: 10.0.0.1')
})

test('a name that CGI takes for one that the file sets does not pass', async () => {
  const route = 'request: { set: { x-tenant: red } }'
  const sent = ['X_Tenant: blue', 'x.tenant: blue', 'X_API_KEY: FAKE', 'X_Other: 1']
  const tenants = async (server: string) =>
    (await forwarded(sent, { route, server })).filter((line) => /^x.(tenant|api|other)/i.test(line))
  expect(await tenants('')).toEqual(['X_Other: 1', 'x-tenant: red'])
  expect(await tenants('server: { underscores: keep }')).toEqual([...sent, 'x-tenant: red'])
})

test('an upstream with a provider is not told who asked, unless the file says so', async () => {
  const { address, upstream } = await startPair({
    script: always(ok('')),
    upstream: 'provider: anthropic',
    server: 'server: { trust: [127.0.0.1] }',
  })
  await exchangeRaw(
    address,
    requestBytes('GET /up/x', ['X-Forwarded-For: 1.2.3.4', 'X-Real-IP: 1.2.3.4']),
  )
  const sent = upstream.connections[0]?.received() ?? ''
  expect(sent).toMatch(/^GET \/x /)
  expect(sent).not.toMatch(/forwarded|real-ip|1\.2\.3\.4/i)
})
