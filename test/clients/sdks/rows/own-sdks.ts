import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime'
import azureInference from '@azure-rest/ai-inference'
import Cerebras from '@cerebras/cerebras_cloud_sdk'
import { DeepgramClient } from '@deepgram/sdk'
import { ElevenLabsClient } from '@elevenlabs/elevenlabs-js'
import { InferenceClient } from '@huggingface/inference'
import { Mistral } from '@mistralai/mistralai'
import { OpenRouter } from '@openrouter/sdk'
import Perplexity from '@perplexity-ai/perplexity_ai'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { CohereClientV2 } from 'cohere-ai'
import Groq from 'groq-sdk'
import Replicate from 'replicate'
import Together from 'together-ai'
import { VoyageAIClient } from 'voyageai'
import { messages, type Row } from './row.ts'

const model = 'model-test'
const textOf = (answer: unknown): unknown =>
  (answer as { choices: [{ message: { content: unknown } }] }).choices[0].message.content

/** The providers' own SDKs, one row each. */
export const ownSdks: readonly Row[] = [
  {
    provider: 'groq',
    client: 'groq-sdk',
    key: 'gsk_FAKE',
    call: async (baseURL, apiKey) =>
      textOf(await new Groq({ baseURL, apiKey }).chat.completions.create({ model, messages })),
    sent: 'POST /openai/v1/chat/completions',
    leaves: 'authorization: Bearer gsk_FAKE',
  },
  {
    provider: 'openrouter',
    client: '@openrouter/sdk',
    key: 'sk-or-v1-FAKE',
    call: async (serverURL, apiKey) => {
      const client = new OpenRouter({ serverURL, apiKey })
      return textOf(await client.chat.send({ chatRequest: { model, messages, stream: false } }))
    },
    sent: 'POST /api/v1/chat/completions',
    leaves: 'authorization: Bearer sk-or-v1-FAKE',
  },
  {
    provider: 'perplexity',
    client: '@perplexity-ai/perplexity_ai',
    key: 'pplx-FAKE',
    call: async (baseURL, apiKey) => {
      const client = new Perplexity({ baseURL, apiKey })
      return textOf(await client.chat.completions.create({ model, messages }))
    },
    sent: 'POST /chat/completions',
    leaves: 'authorization: Bearer pplx-FAKE',
  },
  {
    provider: 'cerebras',
    client: '@cerebras/cerebras_cloud_sdk',
    key: 'csk-FAKE',
    call: async (baseURL, apiKey) => {
      const client = new Cerebras({ baseURL, apiKey, warmTCPConnection: false })
      return textOf(await client.chat.completions.create({ model, messages }))
    },
    sent: 'POST /v1/chat/completions',
    leaves: 'authorization: Bearer csk-FAKE',
  },
  {
    provider: 'together',
    client: 'together-ai',
    key: 'tgp_v1_FAKE',
    call: async (baseURL, apiKey) =>
      textOf(await new Together({ baseURL, apiKey }).chat.completions.create({ model, messages })),
    sent: 'POST /v1/chat/completions',
    leaves: 'authorization: Bearer tgp_v1_FAKE',
  },
  {
    provider: 'huggingface',
    client: '@huggingface/inference',
    key: 'hf_FAKE',
    call: async (endpointUrl, key) =>
      textOf(await new InferenceClient(key, { endpointUrl }).chatCompletion({ model, messages })),
    sent: 'POST /v1/chat/completions',
    leaves: 'authorization: Bearer hf_FAKE',
  },
  {
    provider: 'mistral',
    client: '@mistralai/mistralai',
    key: 'FAKEopaque0123456789',
    call: async (serverURL, apiKey) =>
      textOf(await new Mistral({ serverURL, apiKey }).chat.complete({ model, messages })),
    sent: 'POST /v1/chat/completions',
    leaves: 'authorization: Bearer FAKEopaque0123456789',
  },
  {
    provider: 'cohere',
    client: 'cohere-ai',
    key: 'FAKEopaque0123456789',
    call: async (environment, token) => {
      const { message } = await new CohereClientV2({ environment, token }).chat({ model, messages })
      const [first] = message.content ?? []
      return first?.type === 'text' && first.text
    },
    sent: 'POST /v2/chat',
    leaves: 'authorization: Bearer FAKEopaque0123456789',
  },
  {
    provider: 'voyage',
    client: 'voyageai',
    key: 'pa-FAKE',
    call: async (environment, apiKey) => {
      const { model: used } = await new VoyageAIClient({ environment, apiKey }).embed({
        model,
        input: 'Hi',
      })
      return used === 'embed-test' ? 'Hello, Wörld' : used
    },
    sent: 'POST /v1/embeddings',
    leaves: 'authorization: Bearer pa-FAKE',
  },
  {
    provider: 'elevenlabs',
    client: '@elevenlabs/elevenlabs-js',
    key: 'sk_FAKE',
    call: async (baseUrl, apiKey) => {
      const { textToSpeech } = new ElevenLabsClient({ baseUrl, apiKey })
      return new Response(await textToSpeech.convert('voice-test', { text: 'Hi' })).text()
    },
    sent: 'POST /v1/text-to-speech/voice-test',
    leaves: 'xi-api-key: sk_FAKE',
  },
  {
    provider: 'deepgram',
    client: '@deepgram/sdk',
    key: 'FAKEopaque0123456789',
    call: async (baseUrl, apiKey) => {
      const { listen } = new DeepgramClient({ baseUrl, apiKey })
      const url = 'https://example.com/a.wav'
      const heard = await listen.v1.media.transcribeUrl({ url, model: 'nova-3' })
      return 'results' in heard && heard.results.channels[0]?.alternatives?.[0]?.transcript
    },
    sent: 'POST /v1/listen?model=nova-3',
    leaves: 'authorization: Token FAKEopaque0123456789',
  },
  {
    provider: 'replicate',
    client: 'replicate',
    key: 'r8_FAKE',
    call: async (baseUrl, auth) =>
      (await new Replicate({ baseUrl, auth }).accounts.current()).username,
    sent: 'GET /v1/account',
    leaves: 'authorization: Bearer r8_FAKE',
  },
  {
    provider: 'bedrock',
    client: '@aws-sdk/client-bedrock-runtime',
    key: 'ABSKFAKE',
    call: async (endpoint, token) => {
      const client = new BedrockRuntimeClient({
        endpoint,
        region: 'us-east-1',
        token: { token },
        authSchemePreference: ['httpBearerAuth'],
        // The default is HTTP/2, which needs TLS here.
        requestHandler: new NodeHttpHandler(),
      })
      const { output } = await client.send(
        new ConverseCommand({
          modelId: 'model-test',
          messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
        }),
      )
      return output?.message?.content?.[0]?.text
    },
    sent: 'POST /model/model-test/converse',
    leaves: 'authorization: Bearer ABSKFAKE',
  },
  {
    provider: 'github-models',
    client: '@azure-rest/ai-inference',
    key: 'ghp_FAKE',
    call: async (url, key) => {
      const client = azureInference(url, { key }, { allowInsecureConnection: true })
      return textOf((await client.path('/chat/completions').post({ body: { messages } })).body)
    },
    sent: 'POST /inference/chat/completions?api-version=2024-05-01-preview',
    leaves: 'authorization: Bearer ghp_FAKE',
  },
]
