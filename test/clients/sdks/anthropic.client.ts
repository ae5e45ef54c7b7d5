import { describe, expect, test, vi } from 'vitest'
import { anthropicApi, anthropicError } from '../support/anthropic-api.ts'
import { failureOf } from '../support/failure.ts'
import { type ClientCall, serveProvider } from '../support/serve-provider.ts'
import { type Anthropic, type AnthropicOptions, anthropicSdks, question } from './anthropic-sdks.ts'

const API_KEY = 'sk-ant-api03-FAKE'
const OAUTH = 'sk-ant-oat01-FAKE'
const OAUTH_BETA = { 'anthropic-beta': 'oauth-2025-04-20' }
const AS_API_KEY = ['x-api-key: sk-ant-api03-FAKE']
const AS_BEARER = ['authorization: Bearer sk-ant-oat01-FAKE']

const served = await serveProvider('anthropic', anthropicApi)
const { provider, baseUrl } = served

const credentials: { name: string; options: AnthropicOptions; leaves: string[] }[] = [
  { name: 'apiKey', options: { apiKey: API_KEY, authToken: null }, leaves: AS_API_KEY },
  {
    name: 'authToken, an OAuth token',
    options: { apiKey: null, authToken: OAUTH, defaultHeaders: OAUTH_BETA },
    leaves: AS_BEARER,
  },
  {
    name: 'authToken, an API key',
    options: { apiKey: null, authToken: API_KEY },
    leaves: AS_API_KEY,
  },
  {
    name: 'apiKey, an OAuth token',
    options: { apiKey: OAUTH, authToken: null, defaultHeaders: OAUTH_BETA },
    leaves: AS_BEARER,
  },
  {
    name: 'the same key in both headers',
    options: {
      apiKey: API_KEY,
      authToken: null,
      defaultHeaders: { 'x-api-key': API_KEY, authorization: `Bearer ${API_KEY}` },
    },
    leaves: AS_API_KEY,
  },
]

describe.each(anthropicSdks)('@anthropic-ai/sdk $version', ({ create, beta }) => {
  const connect = (options: AnthropicOptions): Anthropic =>
    create({ baseURL: baseUrl, maxRetries: 0, ...options })

  describe.each(credentials)('$name', ({ options, leaves }) => {
    test.each(calls(beta))('$name', async ({ call, answer, sent }) => {
      expect(await call(connect(options))).toEqual(answer)
      served.expectOne(sent, leaves)
    })
  })

  const environments = [
    { name: 'ANTHROPIC_API_KEY', value: API_KEY, headers: {}, leaves: AS_API_KEY },
    { name: 'ANTHROPIC_AUTH_TOKEN', value: OAUTH, headers: OAUTH_BETA, leaves: AS_BEARER },
  ]

  test.each(environments)(
    'from the environment: $name',
    async ({ name, value, headers, leaves }) => {
      vi.stubEnv('ANTHROPIC_BASE_URL', baseUrl)
      vi.stubEnv(name, value)
      await create({ defaultHeaders: headers }).messages.create(question)
      expect(provider.requests[0]?.credentials).toEqual(leaves)
    },
  )

  test('the version and the betas arrive as the SDK sends them', async () => {
    const client = connect({ apiKey: API_KEY })
    await client.beta.messages.create({ ...question, betas: ['new-2027-01-01', 'old-2025-01-01'] })
    const { headers } = provider.requests[0] ?? {}
    expect(headers?.['anthropic-beta']).toBe('new-2027-01-01,old-2025-01-01')
    expect(headers?.['anthropic-version']).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(headers?.['user-agent']).toContain('/JS ')
  })

  test("the provider's 529 is retried by the SDK, with the credential again", async () => {
    provider.answerNext(anthropicError(529, 'overloaded_error', 'Overloaded'))
    await connect({ apiKey: API_KEY, maxRetries: 1 }).messages.create(question)
    const sent = provider.requests.map((request) => request.credentials)
    expect(sent).toEqual([AS_API_KEY, AS_API_KEY])
  })

  test('two different credentials are refused once, and nothing leaves', async () => {
    const both = { 'x-api-key': API_KEY, authorization: `Bearer ${OAUTH}` }
    const client = connect({ apiKey: API_KEY, defaultHeaders: both, maxRetries: 2 })
    expect(await failureOf(client.messages.create(question))).toEqual({
      error: 'BadRequestError',
      status: 400,
      message:
        '400 {"type":"error","error":{"type":"invalid_request_error","message":"Two different credentials were sent, one in the header authorization, one in the header x-api-key; send one."}}',
    })
    expect(provider.requests).toEqual([])
  })

  test("the provider's own error arrives as it is", async () => {
    provider.answerNext(anthropicError(400, 'invalid_request_error', 'max_tokens: too large'))
    const error = await failureOf(connect({ apiKey: API_KEY }).messages.create(question))
    expect(error).toEqual({
      error: 'BadRequestError',
      status: 400,
      message:
        '400 {"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: too large"},"request_id":"req_TEST"}',
    })
  })
})

test('without Keyway the provider refuses the bearer that SDK 1.x makes of an API key', async () => {
  const [{ create }] = anthropicSdks
  const options = { baseURL: provider.url, maxRetries: 0, apiKey: API_KEY, authToken: null }
  expect(await failureOf(create(options).messages.create(question))).toMatchObject({
    error: 'AuthenticationError',
    status: 401,
  })
  expect(provider.requests[0]?.credentials).toEqual([`authorization: Bearer ${API_KEY}`])
})

const probes = [
  { name: 'the base URL', path: '', target: '/' },
  { name: 'the base URL with a slash', path: '/', target: '/' },
  { name: 'a call', path: '/v1/messages?beta=true', target: '/v1/messages?beta=true' },
]

test.each(probes)('a HEAD probe reaches the provider: $name', async ({ path, target }) => {
  const headers = { authorization: `Bearer ${API_KEY}` }
  const answer = await fetch(`${baseUrl}${path}`, { method: 'HEAD', headers })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('x-keyway-error')).toBeNull()
  served.expectOne(`HEAD ${target}`, AS_API_KEY)
})

/** Calls of a first day with the API, streamed and not. */
function calls(beta: string): ClientCall<Anthropic>[] {
  const { model, messages } = question
  return [
    {
      name: 'messages.create',
      call: async (client) => (await client.messages.create(question)).content,
      answer: [{ type: 'text', text: 'Hello, Wörld' }],
      sent: 'POST /v1/messages',
    },
    {
      name: 'messages.create, streamed',
      call: readStream,
      answer: ['Hello, ', 'Wörld'],
      sent: 'POST /v1/messages',
    },
    {
      name: 'messages.stream',
      call: (client) => client.messages.stream(question).finalText(),
      answer: 'Hello, Wörld',
      sent: 'POST /v1/messages',
    },
    {
      name: 'beta.messages.create',
      call: async (client) => (await client.beta.messages.create(question)).stop_reason,
      answer: 'end_turn',
      sent: `POST ${beta}`,
    },
    {
      name: 'messages.countTokens',
      call: (client) => client.messages.countTokens({ model, messages }),
      answer: { input_tokens: 3 },
      sent: 'POST /v1/messages/count_tokens',
    },
    {
      name: 'models.list',
      call: async (client) => (await client.models.list({ limit: 5 })).data.map(({ id }) => id),
      answer: ['claude-test'],
      sent: 'GET /v1/models?limit=5',
    },
  ]
}

async function readStream(client: Anthropic): Promise<string[]> {
  const texts: string[] = []
  for await (const event of await client.messages.create({ ...question, stream: true })) {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'text_delta') continue
    texts.push(event.delta.text)
  }
  return texts
}
