import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { closeAfter } from '../../support/start-pair.ts'
import { anthropicApi } from '../support/anthropic-api.ts'
import { failureOf, type WatchedFetch, watchFetch } from '../support/failure.ts'
import { type FakeProvider, findClosedPort, type ProviderApi } from '../support/fake-provider.ts'
import { geminiApi } from '../support/gemini-api.ts'
import { openaiApi } from '../support/openai-api.ts'
import { startServed } from '../support/start-served.ts'
import { startShipped } from '../support/start-shipped.ts'
import { anthropicSdks, question } from './anthropic-sdks.ts'

let watched: WatchedFetch

beforeEach(() => {
  watched = watchFetch()
  vi.stubGlobal('fetch', watched.fetch)
})

afterEach(() => vi.unstubAllGlobals())

interface Sdk {
  readonly name: string
  readonly provider: 'anthropic' | 'openai' | 'gemini'
  readonly api: ProviderApi
  readonly key: string
  /** Classes of what it throws, by status. */
  readonly errors: Readonly<Record<403 | 404 | 502 | 503, string>>
  readonly call: (url: string, key: string, retries: number) => Promise<unknown>
}

const stainless = {
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  502: 'InternalServerError',
  503: 'InternalServerError',
}

const sdks: Sdk[] = [
  ...anthropicSdks.map(
    ({ version, create, unavailable }): Sdk => ({
      name: `@anthropic-ai/sdk ${version}`,
      provider: 'anthropic',
      api: anthropicApi,
      key: 'sk-ant-api03-FAKE',
      errors: { ...stainless, 503: unavailable },
      call: (baseURL, apiKey, maxRetries) =>
        create({ baseURL, apiKey, maxRetries }).messages.create(question),
    }),
  ),
  {
    name: 'openai',
    provider: 'openai',
    api: openaiApi,
    key: 'sk-proj-FAKE',
    errors: stainless,
    call: (url, apiKey, maxRetries) =>
      new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries }).models.list(),
  },
  {
    name: '@google/genai',
    provider: 'gemini',
    api: geminiApi,
    key: 'AIzaFAKE',
    errors: { 403: 'ApiError', 404: 'ApiError', 502: 'ApiError', 503: 'ApiError' },
    call(baseUrl, apiKey, retries) {
      const httpOptions = { baseUrl, retryOptions: { attempts: retries + 1 } }
      const { models } = new GoogleGenAI({ apiKey, httpOptions })
      return models.generateContent({ model: 'gemini-test', contents: 'Hi' })
    },
  },
]

const accepts = {
  anthropic:
    'which anthropic does not accept. Send one of kind anthropic-api-key or anthropic-oauth.',
  openai:
    'which openai does not accept. Send one of kind openai or openai-legacy or openai-ephemeral.',
  gemini:
    'which gemini does not accept. Send one of kind google-api-key or google-oauth or google-ephemeral or jwt.',
}

describe.each(sdks)("Keyway's own errors, thrown by $name", ({ provider: name, ...sdk }) => {
  const start = async (keys: string): Promise<string> => {
    const keyway = await startShipped({ [name]: keys })
    closeAfter(keyway.close)
    return `${keyway.url}/${name}`
  }
  const serve = async (keys = ''): Promise<{ url: string; provider: FakeProvider }> => {
    const { keyway, providers, close } = await startServed({ [name]: sdk.api }, keys)
    closeAfter(close)
    return { url: `${keyway.url}/${name}`, provider: providers[name] as FakeProvider }
  }

  test('a credential that the upstream does not accept: 403, sent once', async () => {
    const { url, provider } = await serve()
    const failure = await failureOf(sdk.call(url, 'gsk_FAKE', 2))
    expect(failure).toMatchObject({ error: sdk.errors[403], status: 403 })
    expect(failure.message).toContain(
      `A credential of kind groq (a Groq API key) was sent, ${accepts[name]}`,
    )
    expect(watched.codes).toEqual(['credential_not_accepted'])
    expect(provider.requests).toEqual([])
  })

  test('no route: 404, sent once', async () => {
    const url = await start(`url: 'http://127.0.0.1:9'`)
    const failure = await failureOf(sdk.call(`${url}-elsewhere`, sdk.key, 2))
    expect(failure).toMatchObject({ error: sdk.errors[404], status: 404 })
    expect(failure.message).toContain('No route matches this request.')
    expect(watched.codes).toEqual(['no_route'])
  })

  test('an upstream that is not there: 502, retried by the SDK', async () => {
    const port = await findClosedPort()
    const url = await start(`url: 'http://127.0.0.1:${port}'`)
    const failure = await failureOf(sdk.call(url, sdk.key, 1))
    expect(failure).toMatchObject({ error: sdk.errors[502], status: 502 })
    expect(failure.message).toContain('The upstream could not be reached.')
    expect(failure.message).not.toContain(String(port))
    expect(watched.codes).toEqual(['upstream_unreachable', 'upstream_unreachable'])
  })

  test('a full upstream: 503, and well again when the SDK retries', async () => {
    const { url, provider } = await serve('limits: { connections: 1, queue: 0 }')
    const held = provider.holdNext()
    const first = failureOf(sdk.call(url, sdk.key, 0))
    await held.arrived

    const refused = await failureOf(sdk.call(url, sdk.key, 0))
    expect(refused).toMatchObject({ error: sdk.errors[503], status: 503 })
    expect(refused.message).toContain('Too many requests to this upstream are under way')

    const again = watched.nextAnswer()
    const retried = sdk.call(url, sdk.key, 1)
    await again
    held.answer({ status: 400, body: '' })
    expect(await first).toMatchObject({ status: 400 })
    await retried
    const overloaded = 'upstream_overloaded'
    expect(watched.codes).toEqual([overloaded, overloaded, null, null])
  })
})
