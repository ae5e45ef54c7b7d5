/** The one exchange that every contender carries, and what its two ends know of it. */

export const key = `sk-ant-api03-FAKE-${'bench'.repeat(16)}-AA`

/** A client's token for Keyway itself, where client authentication is on. */
export const clientToken = 'FAKE-client-token-of-the-benchmark'

export const prefix = '/anthropic'
export const path = '/v1/messages?beta=true'

export const body = JSON.stringify({
  model: 'claude-opus-4-1',
  max_tokens: 1024,
  messages: [
    { role: 'user', content: 'Which header does an API key travel in, and which a token?' },
  ],
})

/** A prompt with so many bytes. */
export function prompt(bytes) {
  const frame = JSON.stringify({
    model: 'claude-opus-4-1',
    max_tokens: 1024,
    messages: [{ role: 'user', content: '' }],
  })
  const text = 'The quick brown fox jumps over the lazy dog. '
  const filling = text
    .repeat(Math.ceil(bytes / text.length))
    .slice(0, Math.max(0, bytes - frame.length))
  return frame.replace('"content":""', `"content":"${filling}"`)
}

export const headers = {
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
  accept: 'application/json',
  'anthropic-version': '2023-06-01',
  'user-agent': 'keyway-bench/1.0',
}

export const answer = JSON.stringify({
  id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-4-1',
  content: [{ type: 'text', text: 'An API key travels in x-api-key, a token as a bearer.' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 21, output_tokens: 16 },
})
