import { eventStream, json, type ProviderApi } from './fake-provider.ts'

const accepted = new Set(['x-goog-api-key: AIzaFAKE', 'authorization: Bearer ya29.FAKE'])

/** Gemini's API, as far as its client's first steps need it: a key or an OAuth token, in one header. */
export const geminiApi: ProviderApi = {
  isAuthorized: ({ credentials }) =>
    credentials.length === 1 && accepted.has(credentials[0] as string),
  unauthorized: json(
    {
      error: {
        code: 401,
        message: 'Request had invalid authentication credentials.',
        status: 'UNAUTHENTICATED',
      },
    },
    401,
  ),
  answer({ target }) {
    const [path = '', query] = target.split('?')
    if (path === '/v1beta/models') return json({ models: [{ name: 'models/gemini-test' }] })
    if (path.endsWith(':countTokens')) return json({ totalTokens: 3 })
    if (path.endsWith(':generateContent')) return json(candidate('Hello, Wörld'))
    if (path.endsWith(':streamGenerateContent') && query === 'alt=sse') {
      return eventStream(['Hello', ', Wörld'].map((text) => ({ data: candidate(text) })))
    }
    return json({ error: { code: 404, message: `no ${target}`, status: 'NOT_FOUND' } }, 404)
  },
}

function candidate(text: string): object {
  return { candidates: [{ index: 0, content: { role: 'model', parts: [{ text }] } }] }
}
