import { expect, test } from 'vitest'
import { connectRaw, exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { ok, type Script } from '../../support/recording-upstream.ts'
import { startPair } from '../../support/start-pair.ts'

/** Answers the first connection with `first` and its end, the others as they should be. */
function firstThenFine(first: string): Script {
  return async (connection, index) => {
    await connection.head()
    connection.write(index === 0 ? first : ok('fine'))
    if (index === 0) connection.socket.end()
  }
}

const beginnings = ['H', 'HTTP/1.1 204 ', 'HTTP/1.1 103 Early Hints\r\nLink: </a>', 'garbage']

test.each(beginnings)(
  'a response that broke off leaves no bytes to the next one of its lane: %j',
  async (beginning) => {
    const { address } = await startPair({ script: firstThenFine(beginning) })
    const first = parseResponse(await exchangeRaw(address, requestBytes('GET /up/1')))
    expect(first.status).toBe(502)
    const second = parseResponse(await exchangeRaw(address, requestBytes('GET /up/2')))
    expect([second.statusLine, second.body]).toEqual(['HTTP/1.1 200 OK', 'fine'])
  },
)

test('a reset amid a body that ends with the connection breaks the response off', async () => {
  const { address, upstream } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.write('HTTP/1.1 200 OK\r\n\r\nhalf of it')
    },
  })
  const client = await connectRaw(address)
  client.write(requestBytes('GET /up/x'))
  await client.until('half of it')
  upstream.connections[0]?.socket.resetAndDestroy()
  expect(await client.closed()).toMatch(/half of it\r\n$/)
})

const codings = [
  { name: 'chunked twice', value: 'chunked\r\nTransfer-Encoding: chunked' },
  { name: 'chunked with a tab behind', value: 'chunked\t' },
]

test.each(codings)('an odd transfer coding of a response is refused: $name', async ({ value }) => {
  const { address } = await startPair({
    script: async (connection) => {
      await connection.head()
      connection.socket.end(`HTTP/1.1 200 OK\r\nTransfer-Encoding: ${value}\r\n\r\n0\r\n\r\n`)
    },
  })
  expect(parseResponse(await exchangeRaw(address, requestBytes('GET /up/x'))).status).toBe(502)
})

const hints = [
  {
    name: 'in the reason phrase',
    hint: 'HTTP/1.1 103 Early\x0b\r\nLink: </a>\r\n\r\n',
    got: 'HTTP/1.1 103 \r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\n',
  },
  {
    name: 'in a value',
    hint: 'HTTP/1.1 103 Early\r\nLink: \x0b</a>\r\n\r\n',
    got: 'HTTP/1.1 502 Bad Gateway\r\n',
  },
  {
    name: 'over 127 in the reason phrase',
    hint: 'HTTP/1.1 110 \xff\r\n\r\n',
    got: 'HTTP/1.1 110 \r\n\r\nHTTP/1.1 200 OK\r\n',
  },
]

test.each(hints)(
  'bytes that no head may hold do not pass with a hint: $name',
  async ({ hint, got }) => {
    const { address } = await startPair({
      script: async (connection) => {
        await connection.head()
        connection.write(hint + ok('fine'))
      },
    })
    const answer = await exchangeRaw(address, requestBytes('GET /up/x'))
    expect(answer.slice(0, got.length)).toBe(got)
  },
)
