import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { withoutLength } from '../../http/fields/fit-fields.ts'
import type { ResponseMessage } from '../../http/message/message.ts'
import { isTlsSocket } from './connections.ts'
import { answerFields, type OwnAnswer, renderAnswer } from './own-answer.ts'

/** Answers by Keyway itself; nothing may have been written before. */
export function sendAnswer(response: ResponseMessage, answer: OwnAnswer, id: string): void {
  const { body, contentType } = renderAnswer(answer)
  const fields = answerFields(answer, body, contentType)
  fields.push('x-request-id', id)
  // The name that Anthropic's clients look for.
  if (answer.errors === 'anthropic') fields.push('request-id', id)
  answer.editOwn?.(fields)
  response.writeHead(answer.status, null, fields)
  response.end(body)
}

/** An answer to bytes that are no request, with which the connection ends. */
export function printAnswer(answer: OwnAnswer): string {
  const { body, contentType } = renderAnswer(answer)
  const fields = ['Connection', 'close', ...answerFields(answer, body, contentType)]
  return `${printHead(answer.status, STATUS_CODES[answer.status] ?? '', fields)}${body}`
}

/** Passes an interim response (1xx) on. */
export function relayInformation(
  response: ResponseMessage,
  status: number,
  reason: string,
  fields: readonly string[],
): void {
  // 100 is each hop's own business: ours is sent when the body is wanted.
  if (status >= 102 && !response.headersSent) response.inform(status, reason, withoutLength(fields))
}

/** A reason phrase as Node accepts it; one with other bytes is left out. */
export function printableReason(reason: string): string {
  return /^[\t\x20-\x7e]*$/.test(reason) ? reason : ''
}

/** Closes a connection so that its peer sees an error, not an end; a unix socket knows none. */
export function resetSocket(socket: Socket): void {
  // Only TCP has a reset, and Node throws where anything else is to be reset.
  if (isTlsSocket(socket) || socket.remoteFamily === undefined || isEnding(socket)) socket.destroy()
  else socket.resetAndDestroy()
}

/** Whether all has left and the end is on its way: a socket that is reset then fails, and is never closed. */
function isEnding({ writableEnded, writableFinished, writableLength }: Socket): boolean {
  return writableEnded && !writableFinished && writableLength === 0
}

/** A response's head as bytes in a latin1 string. */
export function printHead(status: number, reason: string, fields: readonly string[]): string {
  const lines = fieldPairs(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`
}
