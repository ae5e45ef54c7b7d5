import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { refusingUrl } from '../../support/start-balanced.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { startProxy } from '../../support/start-proxy.ts'

const CORS = `response: { answers: all, set: { access-control-allow-origin: '*' } }`

/** Sends one request to a proxy with these routes, whose upstream can't be reached. */
async function ask(routes: string, line: string, fields: readonly string[] = [], more = '') {
  const text = `
version: 1
${more}
upstreams: { up: '${await refusingUrl()}' }
routes:
${routes}
`
  const proxy = await startProxy(text)
  closeAfter(proxy.close)
  return parseResponse(await exchangeRaw(proxy.address, requestBytes(line, fields)))
}

const ROUTE = `  - { name: up, match: { path: /up/* }, upstream: up, ${CORS} }`
const ALLOWED = 'access-control-allow-origin: *'

test('response operations reach the answer for an upstream that fails, where the file says so', async () => {
  const answer = await ask(ROUTE, 'GET /up/x')
  expect(answer.status).toBe(502)
  expect(answer.fields).toContain(ALLOWED)
  const silent = await ask(ROUTE.replace('answers: all, ', ''), 'GET /up/x')
  expect(silent.fields).not.toContain(ALLOWED)
})

test.each([
  ['two credentials', ['X-Api-Key: FAKE-one', 'Authorization: Bearer FAKE-two'], 400],
  ['a path that can be read in two ways', [], 400],
])('and those for what goes no further: %s', async (name, fields, status) => {
  const routes = `${ROUTE}
  - { name: deny, match: { path: /up/admin }, reject: 403 }`
  const path = name.startsWith('a path') ? '/up//admin' : '/up/x'
  const answer = await ask(routes, `GET ${path}`, fields)
  expect(answer.status).toBe(status)
  expect(answer.fields).toContain(ALLOWED)
})

test('and those of a rule that refuses, by the route and the rule', async () => {
  const routes = `  - name: up
    match: { path: /up/* }
    upstream: up
    ${CORS}
    rules: [{ reject: 403, response: { answers: all, set: { x-why: '\${request.id}' } } }]`
  const answer = await ask(routes, 'GET /up/x', ['X-Request-Id: id-1'])
  expect(answer.status).toBe(403)
  expect(answer.fields).toContain(ALLOWED)
  expect(answer.fields).toContain('x-why: id-1')
})

const PREFLIGHT = `  - name: up
    match: { path: /up/* }
    upstream: up
    rules:
      - if: { method: OPTIONS, header: { access-control-request-method: { present: true } } }
        reject:
          status: 204
          headers:
            access-control-allow-origin: '\${request.header.origin}'
            access-control-allow-methods: GET, POST
            vary: Origin`

const asked = ['Origin: https://app.test', 'Access-Control-Request-Method: POST']

test('the file answers a preflight here', async () => {
  const { status, fields, body } = await ask(PREFLIGHT, 'OPTIONS /up/x', asked)
  expect({ status, body }).toEqual({ status: 204, body: '' })
  expect(fields).toContain('access-control-allow-origin: https://app.test')
  expect(fields).toContain('access-control-allow-methods: GET, POST')
  expect(fields.join('\n')).not.toMatch(/content-length|content-type|x-keyway-error/i)
})

const CLIENTS = (more: string): string => `clients: { ${more}tokens: { ci: { file: none } } }`

test('a preflight needs no token where the file says so; anything else does', async () => {
  expect((await ask(PREFLIGHT, 'OPTIONS /up/x', asked, CLIENTS(''))).status).toBe(401)
  const open = CLIENTS('preflight: open, ')
  expect((await ask(PREFLIGHT, 'OPTIONS /up/x', asked, open)).status).toBe(204)
  expect((await ask(PREFLIGHT, 'OPTIONS /up/x', [], open)).status).toBe(401)
  expect((await ask(PREFLIGHT, 'GET /up/x', asked, open)).status).toBe(401)
})

test.each([
  ['a redirect', '{ status: 308, headers: { location: /new } }', 308, 'location: /new', ''],
  [
    'a text',
    '{ status: 200, message: fine }',
    200,
    'content-type: text/plain; charset=utf-8',
    'fine',
  ],
  ['a status alone', '{ status: 200 }', 200, 'content-length: 0', ''],
  [
    'an error with fields of its own',
    '{ status: 451, message: gone, headers: { link: "<https://law.test>; rel=blocked-by" } }',
    451,
    'link: <https://law.test>; rel=blocked-by',
    null,
  ],
])('the file answers with %s', async (_, reject, status, field, body) => {
  const answer = await ask(
    `  - { name: up, match: { path: /up/* }, reject: ${reject} }`,
    'GET /up/x',
  )
  expect(answer.status).toBe(status)
  expect(answer.fields).toContain(field)
  if (body !== null) expect(answer.body).toBe(body)
})
