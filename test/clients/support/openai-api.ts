import { eventStream, json, type ProviderApi } from './fake-provider.ts'

/** OpenAI's API, as far as its client's first steps need it: one bearer, and nothing beside it. */
export const openaiApi: ProviderApi = {
  isAuthorized: ({ credentials }) =>
    credentials.length === 1 && credentials[0] === 'authorization: Bearer sk-proj-FAKE',
  unauthorized: json(
    {
      error: {
        message: 'Incorrect API key provided.',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    },
    401,
  ),
  answer({ target, body, headers }) {
    const [path] = target.split('?')
    switch (path) {
      case '/v1/models':
        return json({ object: 'list', data: [{ id: 'gpt-test', object: 'model', created: 0 }] })
      case '/v1/embeddings':
        return json({
          object: 'list',
          data: [{ object: 'embedding', index: 0, embedding: 'AACAPwAAAEA=' }],
          model: 'embed-test',
          usage: { prompt_tokens: 1, total_tokens: 1 },
        })
      case '/v1/files':
        return json({ id: 'file-TEST', object: 'file', filename: fileName(body), bytes: 3 })
      case '/v1/chat/completions':
        return JSON.parse(body).stream ? eventStream(chunks) : json(completion)
      case '/v1/responses':
        return JSON.parse(body).stream ? eventStream(responseEvents) : json(response)
      default:
        return json({ error: { message: `no ${path} ${headers.host}`, type: 'not_found' } }, 404)
    }
  },
}

const completion = {
  id: 'chatcmpl-TEST',
  object: 'chat.completion',
  created: 0,
  model: 'gpt-test',
  system_fingerprint: 'fp_TEST',
  choices: [
    { index: 0, message: { role: 'assistant', content: 'Hello, Wörld' }, finish_reason: 'stop' },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 3, total_tokens: 4 },
}

const chunks = [
  ...['Hello', ', Wörld'].map((content) => ({
    data: {
      id: 'chatcmpl-TEST',
      object: 'chat.completion.chunk',
      created: 0,
      model: 'gpt-test',
      choices: [{ index: 0, delta: { content }, finish_reason: null }],
    },
  })),
  { data: '[DONE]' },
]

const response = {
  id: 'resp_TEST',
  object: 'response',
  created_at: 0,
  status: 'completed',
  model: 'gpt-test',
  output: [
    {
      id: 'msg_TEST',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hello, Wörld', annotations: [] }],
    },
  ],
}

/** A whole turn over a WebSocket, as Codex wants it. */
export const codexEvents: readonly object[] = [
  { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
  { type: 'response.output_item.done', output_index: 0, item: response.output[0] },
  {
    type: 'response.completed',
    response: { ...response, usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 } },
  },
]

const responseEvents = [
  { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
  ...['Hello', ', Wörld'].map((delta) => ({
    type: 'response.output_text.delta',
    item_id: 'msg_TEST',
    output_index: 0,
    content_index: 0,
    delta,
  })),
  { type: 'response.completed', response },
].map((data, index) => ({ event: data.type, data: { ...data, sequence_number: index } }))

function fileName(multipart: string): string {
  return /filename="([^"]+)"/.exec(multipart)?.[1] ?? ''
}
