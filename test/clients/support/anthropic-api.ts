import { eventStream, json, type ProviderAnswer, type ProviderApi } from './fake-provider.ts'

const API_KEY = 'x-api-key: sk-ant-api03-FAKE'
const OAUTH = 'authorization: Bearer sk-ant-oat01-FAKE'
const OAUTH_BETA = 'oauth-2025-04-20'

/** Anthropic's API, as far as its clients' first steps need it: an API key or an OAuth token, in one header. */
export const anthropicApi: ProviderApi = {
  isAuthorized({ credentials, headers }) {
    const [credential, ...more] = credentials
    if (more.length > 0) return false
    if (credential === API_KEY) return true
    const betas = String(headers['anthropic-beta'] ?? '').split(',')
    return credential === OAUTH && betas.some((beta) => beta.trim() === OAUTH_BETA)
  },
  unauthorized: anthropicError(401, 'authentication_error', 'invalid x-api-key'),
  answer({ method, target, body }) {
    const [path] = target.split('?')
    if (method === 'HEAD') return { status: 200, body: '' }
    if (path === '/v1/models') return json({ data: [model], has_more: false })
    if (path === '/v1/messages/count_tokens') return json({ input_tokens: 3 })
    if (path !== '/v1/messages') return anthropicError(404, 'not_found_error', 'Not found')
    const isStreamed = JSON.parse(body).stream === true
    return isStreamed ? streamMessage(hello, 'end_turn') : json(message(hello, 'end_turn'))
  },
}

const model = {
  type: 'model',
  id: 'claude-test',
  display_name: 'Test',
  created_at: '2026-01-01T00:00:00Z',
}

const hello: ContentBlock[] = [{ type: 'text', text: 'Hello, Wörld' }]

/** One block of an assistant's turn. */
export type ContentBlock =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use'
      readonly id: string
      readonly name: string
      readonly input: object
    }

/** An error in the shape that Anthropic's clients read. */
export function anthropicError(status: number, type: string, text: string): ProviderAnswer {
  const body = { type: 'error', error: { type, message: text }, request_id: 'req_TEST' }
  return {
    ...json(body, status),
    headers: { 'content-type': 'application/json', 'request-id': 'req_TEST' },
  }
}

/** A whole turn as one JSON document. */
export function message(content: readonly ContentBlock[], stopReason: string): object {
  return {
    id: 'msg_TEST',
    type: 'message',
    role: 'assistant',
    model: 'claude-test',
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: { input_tokens: 3, output_tokens: 5 },
  }
}

/** The same turn as the events of a stream. */
export function streamMessage(
  content: readonly ContentBlock[],
  stopReason: string,
): ProviderAnswer {
  const start = { ...message([], stopReason), stop_reason: null }
  const stop = { stop_reason: stopReason, stop_sequence: null }
  const events = [
    { type: 'message_start', message: start },
    { type: 'ping' },
    ...content.flatMap(blockEvents),
    { type: 'message_delta', delta: stop, usage: { output_tokens: 5 } },
    { type: 'message_stop' },
  ]
  return eventStream(events.map((data) => ({ event: data.type, data })))
}

function blockEvents(block: ContentBlock, index: number): { readonly type: string }[] {
  const empty = block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} }
  const text = block.type === 'text' ? block.text : JSON.stringify(block.input)
  const deltas = [text.slice(0, 7), text.slice(7)].map((part) =>
    block.type === 'text'
      ? { type: 'text_delta', text: part }
      : { type: 'input_json_delta', partial_json: part },
  )
  return [
    { type: 'content_block_start', index, content_block: empty } as { type: string },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index } as { type: string },
  ]
}
