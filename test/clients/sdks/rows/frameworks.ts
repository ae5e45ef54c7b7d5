import { createAnthropic } from '@ai-sdk/anthropic'
import { createCohere } from '@ai-sdk/cohere'
import { createDeepSeek } from '@ai-sdk/deepseek'
import { createFireworks } from '@ai-sdk/fireworks'
import { createGoogleGenerativeAI } from '@ai-sdk/google'
import { createGroq } from '@ai-sdk/groq'
import { createMistral } from '@ai-sdk/mistral'
import { createOpenAI } from '@ai-sdk/openai'
import { createXai } from '@ai-sdk/xai'
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatGoogleGenerativeAI } from '@langchain/google-genai'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, type LanguageModel } from 'ai'
import type { Row } from './row.ts'

const model = 'model-test'

type Create = (options: { baseURL: string; apiKey: string }) => (model: string) => LanguageModel

function vercelRow(
  provider: string,
  client: string,
  create: Create,
): Omit<Row, 'key' | 'sent' | 'leaves'> {
  return {
    provider,
    client,
    call: async (baseURL, apiKey) => {
      const language = create({ baseURL, apiKey })(model)
      return (await generateText({ model: language, prompt: 'Hi', maxRetries: 0 })).text
    },
  }
}

/** The Vercel AI SDK and LangChain, by their packages for each provider. */
export const frameworks: readonly Row[] = [
  {
    ...vercelRow('openai', '@ai-sdk/openai', createOpenAI),
    key: 'sk-proj-FAKE',
    sent: 'POST /v1/responses',
    leaves: 'authorization: Bearer sk-proj-FAKE',
  },
  {
    ...vercelRow('anthropic', '@ai-sdk/anthropic', createAnthropic),
    key: 'sk-ant-api03-FAKE',
    sent: 'POST /v1/messages',
    leaves: 'x-api-key: sk-ant-api03-FAKE',
  },
  {
    ...vercelRow('gemini', '@ai-sdk/google', createGoogleGenerativeAI),
    key: 'AIzaFAKE',
    sent: 'POST /v1beta/models/model-test:generateContent',
    leaves: 'x-goog-api-key: AIzaFAKE',
  },
  {
    ...vercelRow('groq', '@ai-sdk/groq', createGroq),
    key: 'gsk_FAKE',
    sent: 'POST /openai/v1/chat/completions',
    leaves: 'authorization: Bearer gsk_FAKE',
  },
  {
    ...vercelRow('xai', '@ai-sdk/xai', createXai),
    key: 'xai-FAKE',
    sent: 'POST /v1/chat/completions',
    leaves: 'authorization: Bearer xai-FAKE',
  },
  {
    ...vercelRow('fireworks', '@ai-sdk/fireworks', createFireworks),
    key: 'fw_FAKE',
    sent: 'POST /inference/v1/chat/completions',
    leaves: 'authorization: Bearer fw_FAKE',
  },
  {
    ...vercelRow('mistral', '@ai-sdk/mistral', createMistral),
    key: 'FAKEopaque0123456789',
    sent: 'POST /v1/chat/completions',
    leaves: 'authorization: Bearer FAKEopaque0123456789',
  },
  {
    ...vercelRow('cohere', '@ai-sdk/cohere', createCohere),
    key: 'FAKEopaque0123456789',
    sent: 'POST /v2/chat',
    leaves: 'authorization: Bearer FAKEopaque0123456789',
  },
  {
    ...vercelRow('deepseek', '@ai-sdk/deepseek', createDeepSeek),
    key: 'sk-FAKE',
    sent: 'POST /chat/completions',
    leaves: 'authorization: Bearer sk-FAKE',
  },
  {
    provider: 'openai',
    client: '@langchain/openai',
    key: 'sk-proj-FAKE',
    call: async (baseURL, apiKey) => {
      const chat = new ChatOpenAI({ model, apiKey, maxRetries: 0, configuration: { baseURL } })
      return (await chat.invoke('Hi')).content
    },
    sent: 'POST /v1/chat/completions',
    leaves: 'authorization: Bearer sk-proj-FAKE',
  },
  {
    provider: 'anthropic',
    client: '@langchain/anthropic',
    key: 'sk-ant-api03-FAKE',
    call: async (anthropicApiUrl, apiKey) => {
      const chat = new ChatAnthropic({ model, apiKey, maxRetries: 0, anthropicApiUrl })
      return (await chat.invoke('Hi')).content
    },
    sent: 'POST /v1/messages',
    leaves: 'x-api-key: sk-ant-api03-FAKE',
  },
  {
    provider: 'gemini',
    client: '@langchain/google-genai',
    key: 'AIzaFAKE',
    call: async (baseUrl, apiKey) => {
      const chat = new ChatGoogleGenerativeAI({ model, apiKey, maxRetries: 0, baseUrl })
      return (await chat.invoke('Hi')).content
    },
    sent: 'POST /v1beta/models/model-test:generateContent',
    leaves: 'x-goog-api-key: AIzaFAKE',
  },
]
