import { STATUS_CODES } from 'node:http'
import type { Answer } from '../../answers/answers.ts'
import type { Envelope } from '../../config/shapes/config.generated.ts'

/** An answer of Keyway's own in the envelope that its route's clients understand. */
export interface OwnAnswer extends Answer {
  readonly errors: Envelope
  /** What the file does to its fields; null, or not there: nothing. */
  readonly editOwn?: ((fields: string[]) => void) | null
}

/** Field that tells a client that Keyway made the response, and why. */
const ERROR_FIELD = 'x-keyway-error'

/** Writes an answer's body in the envelope its route's clients understand. */
export function renderAnswer(answer: OwnAnswer): { contentType: string; body: string } {
  const { status, code, message } = answer
  if (status < 400) return { contentType: 'text/plain; charset=utf-8', body: message }
  switch (answer.errors) {
    case 'anthropic':
      return json({ type: 'error', error: { type: anthropicType(status), message } })
    case 'openai':
      return json({ error: { message, type: openaiType(status), param: null, code } })
    case 'problem': {
      const title = STATUS_CODES[status] ?? 'Error'
      const problem = { type: 'about:blank', title, status, detail: message, code }
      return { contentType: 'application/problem+json', body: JSON.stringify(problem) }
    }
  }
}

function json(value: unknown): { contentType: string; body: string } {
  return { contentType: 'application/json', body: JSON.stringify(value) }
}

/** Error types of Anthropic's API; its clients decide on retries by them. */
function anthropicType(status: number): string {
  switch (status) {
    case 401:
      return 'authentication_error'
    case 403:
      return 'permission_error'
    case 404:
      return 'not_found_error'
    case 413:
      return 'request_too_large'
    case 429:
      return 'rate_limit_error'
    case 503:
      return 'overloaded_error'
    case 504:
      return 'timeout_error'
    default:
      return status < 500 ? 'invalid_request_error' : 'api_error'
  }
}

function openaiType(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}

/** Fields of such an answer, flat, as writeHead takes them. */
export function answerFields(answer: OwnAnswer, body: string, contentType: string): string[] {
  const fields = body === '' ? [] : ['content-type', contentType]
  // RFC 9110 §8.6: no length where there can't be a body.
  if (answer.status !== 204 && answer.status !== 304)
    fields.push('content-length', String(Buffer.byteLength(body)))
  if (answer.status >= 400) fields.push(ERROR_FIELD, answer.code)
  if (answer.fields !== undefined) fields.push(...answer.fields)
  if (answer.retryAfterSeconds !== undefined) {
    fields.push('retry-after', String(answer.retryAfterSeconds))
  }
  return fields
}
