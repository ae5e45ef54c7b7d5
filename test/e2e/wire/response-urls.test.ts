import { expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import type { Script } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

/** Answers with these fields, in which UP is the upstream's own address. */
function answering(status: string, fields: readonly string[]): Script {
  return async (connection) => {
    const host = /^host: (.*)\r$/im.exec(await connection.head())?.[1] ?? ''
    const lines = [...fields, 'Content-Length: 0'].map((line) => line.replaceAll('UP', host))
    connection.write(`HTTP/1.1 ${status}\r\n${lines.join('\r\n')}\r\n\r\n`)
  }
}

/** The fields that the client gets for those that the upstream sent, in their order. */
async function receive(
  fields: readonly string[],
  { status = '302 Found', route = '', server = '', sent = ['Host: keyway.test:8080'] } = {},
): Promise<readonly string[]> {
  const { address } = await startPair({ script: answering(status, fields), route, server })
  const answer = parseResponse(await exchangeRaw(address, requestBytes('GET /up/a/b', sent)))
  const names = fields.map((line) => line.split(':')[0])
  return answer.fields.filter((line) => names.includes(line.split(':')[0]))
}

test.each([
  ['a path', 'Location: /login', 'Location: /up/login'],
  [
    "the upstream's own address",
    'Location: http://UP/login?a#b',
    'Location: http://keyway.test:8080/up/login?a#b',
  ],
  [
    "the upstream's own address without a scheme",
    'Location: //UP/login',
    'Location: http://keyway.test:8080/up/login',
  ],
  ['somewhere else', 'Location: https://login.test/up', 'Location: https://login.test/up'],
  ['a relative path', 'Location: c', 'Location: c'],
])('a redirect leads the client back here: to %s', async (_, sent, got) => {
  expect(await receive([sent])).toEqual([got])
})

test('only redirects, and nothing else, unless the file says so', async () => {
  const fields = [
    'Location: /jobs/1',
    'Content-Location: /a',
    'Link: </a?page=2>; rel=next',
    'Set-Cookie: a=b; Path=/a',
    'X-Goog-Upload-URL: http://UP/upload',
  ]
  const got = await receive(fields.slice(0, 4), { status: '201 Created' })
  expect(got).toEqual(fields.slice(0, 4))
})

const REWRITE = 'response: { location: rewrite, urls: [X-Goog-Upload-URL] }'

test.each([
  ['Location of what was made', 'Location: /jobs/1', 'Location: /up/jobs/1'],
  [
    'Content-Location',
    'Content-Location: http://UP/a',
    'Content-Location: http://keyway.test:8080/up/a',
  ],
  [
    'every target of Link',
    'Link: </a?page=2>; rel="next", <http://UP/a>; rel=first, <https://else.test/>; rel=help',
    'Link: </up/a?page=2>; rel="next", <http://keyway.test:8080/up/a>; rel=first, <https://else.test/>; rel=help',
  ],
  [
    'the Path of a cookie',
    'Set-Cookie: a=b; Path=/a; HttpOnly',
    'Set-Cookie: a=b; Path=/up/a; HttpOnly',
  ],
  ['the Path of a cookie for all', 'Set-Cookie: a=b; path=/', 'Set-Cookie: a=b; path=/up'],
  ['a cookie without a Path', 'Set-Cookie: a="b; c"', 'Set-Cookie: a="b; c"'],
  [
    'the Domain of a cookie',
    'Set-Cookie: a=b; Domain=127.0.0.1; Path=/',
    'Set-Cookie: a=b; Path=/up',
  ],
  ['another Domain', 'Set-Cookie: a=b; Domain=else.test', 'Set-Cookie: a=b; Domain=else.test'],
  [
    'a field that the file names',
    'X-Goog-Upload-URL: http://UP/upload?id=1',
    'X-Goog-Upload-URL: http://keyway.test:8080/up/upload?id=1',
  ],
])('rewritten where the file says so: %s', async (_, sent, got) => {
  expect(await receive([sent], { status: '200 OK', route: REWRITE })).toEqual([got])
})

test('a redirect stays as it came where the file says so', async () => {
  const got = await receive(['Location: /login'], { route: 'response: { location: keep }' })
  expect(got).toEqual(['Location: /login'])
})

test("whoever ends TLS before Keyway says what the client's address is", async () => {
  const got = await receive(['Location: http://UP/login'], {
    server: 'server: { trust: [127.0.0.1] }',
    sent: ['X-Forwarded-Proto: https', 'X-Forwarded-Host: outer.test'],
  })
  expect(got).toEqual(['Location: https://outer.test/up/login'])
})

test('a Host of the client’s is the upstream’s own address then', async () => {
  const got = await receive(['Location: http://UP/login'], { route: 'request: { host: preserve }' })
  expect(got).toEqual(['Location: http://keyway.test:8080/up/login'])
})
