import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

const DENIED = `
rules:
  - { name: admin, if: { path: /up/admin/* }, reject: 403 }
`

/** Sends one request; what the upstream got is its request line, or null where nothing reached it. */
async function ask(target: string, route: string, fields: readonly string[] = []) {
  const { address, upstream } = await startPair({ route, script: always(ok('')) })
  const answer = parseResponse(await exchangeRaw(address, requestBytes(`GET ${target}`, fields)))
  const code =
    answer.fields.find((field) => field.startsWith('x-keyway-error: '))?.slice(16) ?? null
  const line = upstream.connections[0]?.received().split('\r\n')[0] ?? null
  return { status: answer.status, code, line }
}

const AMBIGUOUS = { status: 400, code: 'ambiguous_path', line: null }

const spellings = [
  '/up//admin/x',
  '/up/admin;a=b/x',
  '/up/admin%2Fx',
  '/up%2fadmin/x',
  '/up;/admin/x',
]
spellings.push(
  '/up/%2561dmin/x',
  '/up/admin%3b/x',
  '/up\\admin\\x',
  '/up/admin%5cx',
  '//up/admin/x',
)

test.each(spellings)(
  'what denies a path is not gone round by another spelling: %s',
  async (target) => {
    expect(await ask(target, DENIED)).toEqual(AMBIGUOUS)
  },
)

test('a path that all read alike goes on, whatever signs it holds', async () => {
  expect(await ask('/up/a//b;c=d/e%2Ff', DENIED)).toEqual({
    status: 200,
    code: null,
    line: 'GET /a//b;c=d/e%2Ff HTTP/1.1',
  })
})

test('a route of exact paths takes them as they come', async () => {
  expect(await ask('/up/admin%2Fx', `${DENIED}paths: exact`)).toEqual({
    status: 200,
    code: null,
    line: 'GET /admin%2Fx HTTP/1.1',
  })
})

const REWRITE = "rewrite: { path: '/tenants/${request.header.x-tenant}/data' }"
const UNSAFE = { status: 400, code: 'unsafe_path', line: null }

test.each(['../admin', '..', '%2e%2e', '..%2fadmin', '..;a', '%252e%252e', '.', 'a\\..'])(
  'a value makes no way out of a path: %s',
  async (tenant) => {
    const route = REWRITE.replace('rewrite:', 'rules: [{ rewrite:').concat(' }]')
    expect(await ask('/up/x', route, [`X-Tenant: ${tenant}`])).toEqual(UNSAFE)
  },
)

test('a value of the request is one segment', async () => {
  const route = REWRITE.replace('rewrite:', 'rules: [{ rewrite:').concat(' }]')
  expect(await ask('/up/x', route, ['X-Tenant: a/b?c;d'])).toEqual({
    status: 200,
    code: null,
    line: 'GET /tenants/a%2Fb%3Fc%3Bd/data HTTP/1.1',
  })
})
