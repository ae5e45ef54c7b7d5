import { describe, expect, test } from 'vitest'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import { always, ok } from '../../support/recording-upstream.ts'
import { type PairOptions, startPair } from '../../support/start-pair.ts'

const ANT = 'sk-ant-api03-FAKEfakeFAKE1234'
const OPENAI = 'sk-proj-FAKEfakeFAKE1234'
const TOKEN = 'client:alice'

interface Sent {
  readonly status: number
  readonly answer: string
  /** What the upstream was sent; null: nothing, not even a connection. */
  readonly received: string | null
  readonly logged: string
}

async function send(
  options: PairOptions,
  target: string,
  fields: readonly string[],
): Promise<Sent> {
  const { address, upstream, logged } = await startPair({ script: always(ok('yes')), ...options })
  const answer = await exchangeRaw(address, requestBytes(`GET ${target}`, fields))
  const received = upstream.connections[0]?.received() ?? null
  const { status } = parseResponse(answer)
  return { status, answer, received, logged: JSON.stringify(logged) }
}

const accepts = { upstream: 'accepts: [openai]' }

describe('what is not accepted reaches no upstream', () => {
  test.each([
    ['two in one field', '/up', [`X-Api-Key: ${ANT}, ${OPENAI}`], 400],
    ['another behind a space', '/up', [`Authorization: Bearer ${OPENAI} ${ANT}`], 400],
    ['in a cookie', '/up', [`Authorization: Bearer ${OPENAI}`, `Cookie: a="${ANT}"`], 403],
    ['in Basic', '/up', [`Authorization: Basic ${btoa(`u:${ANT}`)}`], 403],
    ['in a parameter', `/up?api_key=${ANT}`, [], 403],
    ['in the path', `/up/bot/${ANT}/x`, [], 403],
    ['in a host', '/up', [`Host: ${ANT}`], 403],
    ['in a subprotocol', '/up', [`Sec-WebSocket-Protocol: a, openai-insecure-api-key.${ANT}`], 403],
  ])('%s', async (_, target, fields, status) => {
    const sent = await send(accepts, target, fields)
    expect(sent).toMatchObject({ status, received: null })
    expect(sent.logged).not.toContain('FAKE')
  })
})

describe("a client's token", () => {
  const clients = (header: string): PairOptions => ({
    server: `clients: { header: ${header}, tokens: { alice: { file: a.sha256 } } }`,
  })

  test.each([
    ['in x-api-key', 'x-api-key', '/up', [`X-Api-Key: ${TOKEN}`]],
    ['as a bearer', 'authorization', '/up', [`Authorization: Bearer ${TOKEN}`]],
    ['in a parameter', '[authorization, query key]', `/up?a=1&key=${TOKEN}`, []],
    [
      'twice',
      '[authorization, x-api-key]',
      '/up',
      [`Authorization: ${TOKEN}`, `x-api-key: ${TOKEN}`],
    ],
  ])('%s opens, and does not leave', async (_, header, target, fields) => {
    const sent = await send(clients(header), target, fields)
    expect(sent.status).toBe(200)
    expect(sent.received).toMatch(/^GET \/(\?a=1)? HTTP/)
    expect(sent.received).not.toContain('alice')
  })

  test('leaves a credential beside it alone', async () => {
    const fields = [`Authorization: Bearer ${TOKEN}`, `X-Api-Key: ${OPENAI}`]
    const { received } = await send(clients('authorization'), '/up', fields)
    expect(received).toContain(`x-api-key: ${OPENAI}\r\n`)
    expect(received).not.toMatch(/authorization/i)
  })

  test('that stands in the path too is told', async () => {
    const sent = await send(clients('x-keyway-token'), `/up/${TOKEN}`, [`X-Keyway-Token: ${TOKEN}`])
    expect(sent).toMatchObject({ status: 403, received: null })
    expect(sent.answer).not.toContain('alice')
  })
})

test('two credentials leave where the file says so, and there alone', async () => {
  const route = 'also: x-api-key\nrules: [{ use: authorization bearer }]'
  const fields = [`Authorization: Bearer ${OPENAI}`, 'X-Api-Key: gateway-FAKE']
  const along = await send({ route }, '/up', fields)
  expect(along.received).toContain(`authorization: Bearer ${OPENAI}\r\n`)
  expect(along.received).toContain('x-api-key: gateway-FAKE\r\n')
  expect(await send({}, '/up', fields)).toMatchObject({ status: 400, received: null })
})

test('a credential in the place of an id is no id', async () => {
  const sent = await send(accepts, '/up', [`X-Request-Id: ${ANT}`, `Authorization: ${OPENAI}`])
  expect(sent.status).toBe(200)
  expect(sent.received).not.toContain(ANT)
  expect(sent.answer + sent.logged).not.toContain(ANT)
})
