import { expect, test } from 'vitest'
import { connectRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { startPair } from '../../support/start-pair.ts'

const secret = 'sk-ant-api03-FAKEsecretFAKEsecret'
const rules = `
limits: { body: 10B, total: 200ms }
rules:
  - use: { query: key }
`

const requests = [
  { name: 'no route', bytes: requestBytes(`GET /none/${secret}`, [`X-Api-Key: ${secret}`]) },
  {
    name: 'a conflict',
    bytes: requestBytes('GET /up/x', [
      `X-Api-Key: ${secret}`,
      'Authorization: Bearer other-TEST-value',
    ]),
  },
  {
    name: 'a kind that never travels',
    bytes: requestBytes('GET /up/x', ['X-Api-Key: sk-ant-ort01-FAKEsecretFAKEsecret']),
  },
  {
    name: 'a bad head',
    bytes: `GET /up/x HTTP/1.1\r\nHost: a\r\nAuthorization: ${secret}\0\r\n\r\n`,
  },
  {
    name: 'a bad body',
    bytes: requestBytes(
      'POST /up/x',
      [`X-Api-Key: ${secret}`, 'Transfer-Encoding: chunked'],
      `zz${secret}\r\n`,
    ),
  },
  {
    name: 'a large body',
    bytes: requestBytes('POST /up/x', [`X-Api-Key: ${secret}`, 'Content-Length: 99'], secret),
  },
  {
    name: 'an upstream that breaks off',
    bytes: requestBytes('GET /up/break', [`X-Api-Key: ${secret}`]),
  },
  {
    name: 'an upstream that is late',
    bytes: requestBytes('GET /up/late', [`X-Api-Key: ${secret}`]),
  },
  {
    name: 'an upstream that says no HTTP',
    bytes: requestBytes('GET /up/garbage', [`X-Api-Key: ${secret}`]),
  },
]

test.each(requests)('no credential in an answer or a log: $name', async ({ bytes }) => {
  const { address, logged } = await startPair({
    route: rules,
    script: async (connection) => {
      const head = await connection.head()
      if (head.includes('/break')) connection.socket.destroy()
      if (head.includes('/garbage')) connection.write(`${secret}\r\n\r\n`)
    },
  })
  const client = await connectRaw(address)
  client.write(bytes)
  const answer = await client.until('\r\n\r\n')
  expect(parseResponse(answer).fields.join('\n')).toMatch(/^x-keyway-error: /m)
  client.socket.destroy()
  expect(answer + client.received()).not.toMatch(/FAKE|TEST/)
  expect(JSON.stringify(logged)).not.toMatch(/FAKE|TEST/)
})
