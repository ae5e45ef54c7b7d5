import AnthropicOne from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI, { AzureOpenAI } from 'openai'
import { messages, type Row } from './row.ts'

const model = 'model-test'

async function askOpenAI(client: OpenAI): Promise<unknown> {
  return (await client.chat.completions.create({ model, messages })).choices[0]?.message.content
}

function openaiRow(provider: string, key: string, sent: string): Row {
  return {
    provider,
    client: 'openai',
    key,
    call: (baseURL, apiKey) => askOpenAI(new OpenAI({ baseURL, apiKey, maxRetries: 0 })),
    sent: `POST ${sent}/chat/completions`,
    leaves: `authorization: Bearer ${key}`,
  }
}

function anthropicRow(provider: string, key: string, sent: string, leaves: string): Row {
  return {
    provider,
    client: '@anthropic-ai/sdk',
    key,
    call: async (baseURL, apiKey) => {
      const client = new AnthropicOne({ baseURL, apiKey, maxRetries: 0 })
      const { content } = await client.messages.create({ model, max_tokens: 9, messages })
      return content[0]?.type === 'text' && content[0].text
    },
    sent: `POST ${sent}`,
    leaves,
  }
}

function googleRow(provider: string, key: string, sent: string, options: object): Row {
  return {
    provider,
    client: '@google/genai',
    key,
    call: async (baseUrl, apiKey) => {
      const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl }, ...options })
      return (await client.models.generateContent({ model, contents: 'Hi' })).text
    },
    sent: `POST ${sent}`,
    leaves: `x-goog-api-key: ${key}`,
  }
}

/** OpenAI's, Anthropic's and Google's SDKs, at every provider that takes them. */
export const generalSdks: readonly Row[] = [
  openaiRow('openai', 'sk-proj-FAKE', '/v1'),
  {
    ...openaiRow('gemini', 'AIzaFAKE', '/v1beta/openai'),
    leaves: 'x-goog-api-key: AIzaFAKE',
  },
  openaiRow('openrouter', 'sk-or-v1-FAKE', '/api/v1'),
  openaiRow('groq', 'gsk_FAKE', '/openai/v1'),
  openaiRow('xai', 'xai-FAKE', '/v1'),
  openaiRow('cerebras', 'csk-FAKE', '/v1'),
  openaiRow('nvidia', 'nvapi-FAKE', '/v1'),
  openaiRow('fireworks', 'fw_FAKE', '/inference/v1'),
  openaiRow('together', 'tgp_v1_FAKE', '/v1'),
  openaiRow('huggingface', 'hf_FAKE', '/v1'),
  openaiRow('mistral', 'FAKEopaque0123456789', '/v1'),
  openaiRow('cohere', 'FAKEopaque0123456789', '/compatibility/v1'),
  openaiRow('deepseek', 'sk-FAKE', ''),
  openaiRow('github-models', 'github_pat_FAKE', '/inference'),
  {
    ...openaiRow('azure-openai', '0123456789abcdef0123456789abcdef', '/openai/v1'),
    leaves: 'api-key: 0123456789abcdef0123456789abcdef',
  },
  {
    provider: 'azure-openai',
    client: 'AzureOpenAI of openai',
    key: '0123456789abcdef0123456789abcdef',
    call: (endpoint, apiKey) =>
      askOpenAI(new AzureOpenAI({ endpoint, apiKey, apiVersion: '2024-10-21', maxRetries: 0 })),
    sent: 'POST /openai/deployments/model-test/chat/completions?api-version=2024-10-21',
    leaves: 'api-key: 0123456789abcdef0123456789abcdef',
  },
  anthropicRow('anthropic', 'sk-ant-api03-FAKE', '/v1/messages', 'x-api-key: sk-ant-api03-FAKE'),
  anthropicRow('xai', 'xai-FAKE', '/v1/messages', 'authorization: Bearer xai-FAKE'),
  anthropicRow('deepseek', 'sk-FAKE', '/anthropic/v1/messages', 'authorization: Bearer sk-FAKE'),
  googleRow('gemini', 'AIzaFAKE', '/v1/models/model-test:generateContent', {}),
  googleRow('vertex', 'AQ.FAKE', '/v1beta1/publishers/google/models/model-test:generateContent', {
    vertexai: true,
  }),
]
