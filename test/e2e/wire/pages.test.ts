import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { startTarget, startWithSecrets } from '../../support/start-balanced.ts'

/** Sends one request on a route that adds a secret; says what came back, and how many connections the upstream was given. */
async function ask(fields: readonly string[], server = '') {
  const upstream = await startTarget('up', always(ok('')))
  const proxy = await startWithSecrets(
    `
version: 1
${server}
secrets: { own: { env: OWN } }
upstreams: { up: '${upstream.url}' }
routes:
  - name: up
    match: { path: /up/* }
    upstream: up
    rules: [{ use: { header: x-api-key, value: '\${secret.own}' } }]
`,
    { OWN: 'sk-ant-api03-FAKE' },
  )
  const { status, fields: got } = parseResponse(
    await exchangeRaw(proxy.address, requestBytes('GET /up/x', fields)),
  )
  const code = got.find((field) => field.startsWith('x-keyway-error: '))?.slice(16) ?? null
  return { status, code, connections: upstream.connections.length }
}

const FOREIGN = { status: 403, code: 'foreign_origin', connections: 0 }

test.each([
  ['a simple request of a page', ['Origin: https://evil.test', 'Content-Type: text/plain']],
  ['a request that a browser marks', ['Sec-Fetch-Site: cross-site']],
  ['a request by a name that was rebound', ['Host: evil.test:8080']],
  [
    'a WebSocket of a page',
    ['Origin: https://evil.test', 'Connection: upgrade', 'Upgrade: websocket'],
  ],
])('a web page spends no secret: %s', async (_, fields) => {
  expect(await ask(fields)).toEqual(FOREIGN)
})

test('whoever is no browser, and whom the file lists, is served', async () => {
  const SERVED = { status: 200, code: null, connections: 1 }
  expect(await ask([])).toEqual(SERVED)
  const listed = 'server: { origins: [https://app.test], hosts: [keyway.test] }'
  expect(await ask(['Origin: https://app.test', 'Host: keyway.test'], listed)).toEqual(SERVED)
})
