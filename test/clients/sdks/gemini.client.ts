import { GoogleGenAI, type GoogleGenAIOptions } from '@google/genai'
import { describe, expect, test, vi } from 'vitest'
import { geminiApi } from '../support/gemini-api.ts'
import { type ClientCall, serveProvider } from '../support/serve-provider.ts'

const API_KEY = 'AIzaFAKE'
const AS_API_KEY = ['x-goog-api-key: AIzaFAKE']
const AS_BEARER = ['authorization: Bearer ya29.FAKE']

const served = await serveProvider('gemini', geminiApi)
const { provider, baseUrl } = served

const question = { model: 'gemini-test', contents: 'Hi' }

const calls: ClientCall<GoogleGenAI>[] = [
  {
    name: 'models.generateContent',
    call: async (client) => (await client.models.generateContent(question)).text,
    answer: 'Hello, Wörld',
    sent: 'POST /v1/models/gemini-test:generateContent',
  },
  {
    name: 'models.generateContentStream',
    async call(client) {
      const texts: unknown[] = []
      for await (const part of await client.models.generateContentStream(question)) {
        texts.push(part.text)
      }
      return texts
    },
    answer: ['Hello', ', Wörld'],
    sent: 'POST /v1/models/gemini-test:streamGenerateContent?alt=sse',
  },
  {
    name: 'models.countTokens',
    call: async (client) => (await client.models.countTokens(question)).totalTokens,
    answer: 3,
    sent: 'POST /v1/models/gemini-test:countTokens',
  },
]

const credentials: { name: string; options: GoogleGenAIOptions; leaves: string[] }[] = [
  { name: 'apiKey', options: { apiKey: API_KEY }, leaves: AS_API_KEY },
  {
    name: 'an OAuth token as apiKey',
    options: { apiKey: 'ya29.FAKE' },
    leaves: AS_BEARER,
  },
]

describe.each(credentials)('@google/genai, $name', ({ options, leaves }) => {
  test.each(calls)('$name', async ({ call, answer, sent }) => {
    const httpOptions = { baseUrl }
    expect(await call(new GoogleGenAI({ ...options, httpOptions }))).toEqual(answer)
    served.expectOne(sent, leaves)
  })
})

test('@google/genai: from the environment', async () => {
  vi.stubEnv('GOOGLE_GEMINI_BASE_URL', baseUrl)
  vi.stubEnv('GEMINI_API_KEY', API_KEY)
  await new GoogleGenAI({}).models.generateContent(question)
  expect(provider.requests[0]?.credentials).toEqual(AS_API_KEY)
})

test('plain HTTP: a key in the query leaves as x-goog-api-key', async () => {
  const path = '/v1beta/models?key=AIzaFAKE&pageSize=5'
  const answer = await fetch(`${baseUrl}${path}`)
  expect(await answer.json()).toEqual({ models: [{ name: 'models/gemini-test' }] })
  expect(provider.requests[0]?.target).toBe('/v1beta/models?pageSize=5')
  expect(provider.requests[0]?.credentials).toEqual(AS_API_KEY)
})
