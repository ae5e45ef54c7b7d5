import OpenAI, { toFile } from 'openai'
import { expect, test, vi } from 'vitest'
import { failureOf } from '../support/failure.ts'
import { json } from '../support/fake-provider.ts'
import { openaiApi } from '../support/openai-api.ts'
import { type ClientCall, serveProvider } from '../support/serve-provider.ts'

const API_KEY = 'sk-proj-FAKE'
const AS_BEARER = ['authorization: Bearer sk-proj-FAKE']

const served = await serveProvider('openai', openaiApi)
const { provider, baseUrl } = served

function connect(options: ConstructorParameters<typeof OpenAI>[0] = {}): OpenAI {
  return new OpenAI({
    baseURL: `${baseUrl}/v1`,
    apiKey: API_KEY,
    maxRetries: 0,
    ...options,
  })
}

const model = 'gpt-test'
const chat = { model, messages: [{ role: 'user' as const, content: 'Hi' }] }

const calls: ClientCall<OpenAI>[] = [
  {
    name: 'chat.completions.create',
    call: async (client) =>
      (await client.chat.completions.create(chat)).choices[0]?.message.content,
    answer: 'Hello, Wörld',
    sent: 'POST /v1/chat/completions',
  },
  {
    name: 'chat.completions.create, streamed',
    async call(client) {
      const texts: unknown[] = []
      const stream = await client.chat.completions.create({ ...chat, stream: true })
      for await (const chunk of stream) texts.push(chunk.choices[0]?.delta.content)
      return texts
    },
    answer: ['Hello', ', Wörld'],
    sent: 'POST /v1/chat/completions',
  },
  {
    name: 'responses.create',
    call: async (client) => (await client.responses.create({ model, input: 'Hi' })).output_text,
    answer: 'Hello, Wörld',
    sent: 'POST /v1/responses',
  },
  {
    name: 'responses.create, streamed',
    async call(client) {
      const texts: string[] = []
      for await (const event of await client.responses.create({
        model,
        input: 'Hi',
        stream: true,
      })) {
        if (event.type === 'response.output_text.delta') texts.push(event.delta)
      }
      return texts
    },
    answer: ['Hello', ', Wörld'],
    sent: 'POST /v1/responses',
  },
  {
    name: 'embeddings.create',
    call: async (client) =>
      (await client.embeddings.create({ model: 'embed-test', input: 'Hi' })).data[0]?.embedding,
    answer: [1, 2],
    sent: 'POST /v1/embeddings',
  },
  {
    name: 'files.create, multipart',
    async call(client) {
      const file = await toFile(Buffer.from('{}\n'), 'batch.jsonl')
      return (await client.files.create({ file, purpose: 'batch' })).filename
    },
    answer: 'batch.jsonl',
    sent: 'POST /v1/files',
  },
  {
    name: 'models.list',
    call: async (client) => (await client.models.list()).data.map(({ id }) => id),
    answer: ['gpt-test'],
    sent: 'GET /v1/models',
  },
]

test.each(calls)('openai: $name', async ({ call, answer, sent }) => {
  expect(await call(connect())).toEqual(answer)
  served.expectOne(sent, AS_BEARER)
})

test('openai: from the environment', async () => {
  vi.stubEnv('OPENAI_BASE_URL', `${baseUrl}/v1`)
  vi.stubEnv('OPENAI_API_KEY', API_KEY)
  await new OpenAI().chat.completions.create(chat)
  expect(provider.requests[0]?.credentials).toEqual(AS_BEARER)
})

test('openai: organization and project arrive beside the key', async () => {
  const options = { organization: 'org-TEST', project: 'proj-TEST' }
  await connect(options).chat.completions.create(chat)
  const { headers } = provider.requests[0] ?? {}
  expect(headers?.['openai-organization']).toBe('org-TEST')
  expect(headers?.['openai-project']).toBe('proj-TEST')
})

test('openai: a key that an extra header repeats leaves once', async () => {
  const client = connect({ defaultHeaders: { 'x-api-key': API_KEY, 'api-key': API_KEY } })
  await client.chat.completions.create(chat)
  expect(provider.requests[0]?.credentials).toEqual(AS_BEARER)
})

test("openai: the provider's 429 is retried by the SDK as its headers say", async () => {
  const busy = json({ error: { message: 'Slow down', type: 'requests', code: null } }, 429)
  provider.answerNext({ ...busy, headers: { ...busy.headers, 'retry-after-ms': '1' } })
  await connect({ maxRetries: 1 }).chat.completions.create(chat)
  expect(provider.requests.map(({ credentials }) => credentials)).toEqual([AS_BEARER, AS_BEARER])
})

test("openai: the provider's x-should-retry ends the retries", async () => {
  const broken = json({ error: { message: 'Broken', type: 'server_error', code: null } }, 500)
  provider.answerNext({ ...broken, headers: { ...broken.headers, 'x-should-retry': 'false' } })
  const error = await failureOf(connect({ maxRetries: 3 }).chat.completions.create(chat))
  expect(error).toEqual({ error: 'InternalServerError', status: 500, message: '500 Broken' })
  expect(provider.requests.length).toBe(1)
})
