import { anthropicApi } from './anthropic-api.ts'
import { json, type ProviderAnswer, type ProviderApi } from './fake-provider.ts'
import { geminiApi } from './gemini-api.ts'
import { codexEvents, openaiApi } from './openai-api.ts'

const TEXT = 'Hello, Wörld'

/** Answers by the end of the path, whoever is meant: enough for the first call of every client. */
export const anyApi: ProviderApi = {
  isAuthorized: () => true,
  unauthorized: json({}, 401),
  // The first is what Gemini's live sessions begin with; others pass it over.
  socketEvents: [{ type: 'setup', setupComplete: {} }, ...codexEvents],
  answer(request) {
    const [path = ''] = request.target.split('?')
    const own = answers.find(({ end }) => path.endsWith(end))
    if (own) return json(own.body)
    if (path.includes('/v1/text-to-speech/')) return { status: 200, body: TEXT }
    if (path.endsWith('/messages'))
      return anthropicApi.answer({ ...request, target: '/v1/messages' })
    if (path.includes(':')) return geminiApi.answer(request)
    const openai = /\/(chat\/completions|responses|embeddings|models)$/.exec(path)
    return openai ? openaiApi.answer({ ...request, target: `/v1${openai[0]}` }) : unknown(path)
  },
}

const unknown = (path: string): ProviderAnswer => json({ error: { message: `no ${path}` } }, 404)

const cohere = {
  id: 'TEST',
  generation_id: 'TEST',
  finish_reason: 'COMPLETE',
  message: { role: 'assistant', content: [{ type: 'text', text: TEXT }] },
  usage: { tokens: { input_tokens: 1, output_tokens: 1 } },
}

const answers: readonly { readonly end: string; readonly body: unknown }[] = [
  { end: '/v2/chat', body: cohere },
  {
    end: '/converse',
    body: {
      output: { message: { role: 'assistant', content: [{ text: TEXT }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    },
  },
  {
    end: '/v1/listen',
    body: {
      metadata: { request_id: 'TEST', created: '2026-01-01T00:00:00Z', channels: 1, duration: 1 },
      results: { channels: [{ alternatives: [{ transcript: TEXT }] }] },
    },
  },
  { end: '/v1/account', body: { type: 'user', username: TEXT, name: TEXT } },
  { end: '/v1/tcp_warming', body: {} },
]
