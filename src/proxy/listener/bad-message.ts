import type { Socket } from 'node:net'
import { type AnswerCode, answerOf } from '../../answers/answers.ts'
import { connectionOf } from '../client/connections.ts'
import type { OwnAnswer } from '../client/own-answer.ts'
import { sendAnswerOnSocket } from '../client/own-response.ts'

/**
 * Answers what Node's parser refuses: the connection's bytes can't be told apart any more, so it
 * closes, after the answers to the requests before.
 */
export function refuseBadMessage(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || socket.writableEnded) return
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const connection = connectionOf(socket)
  if (connection.isClosing) return
  connection.isClosing = true
  const { occupant, waiting, latest } = connection
  const isInBody = latest !== null && !latest.complete
  if (isInBody && waiting.length === 0) {
    // No occupant: it was answered already, and two answers to one request would be one too many.
    if (!occupant?.onBadMessage()) socket.destroySoon()
    return
  }
  const isIdle = occupant === null && waiting.length === 0
  if (isIdle) sendAnswerOnSocket(socket, describeBadMessage(error.code ?? ''))
  else if (error.code === 'HPE_INVALID_EOF_STATE') socket.destroy()
  else {
    if (isInBody) waiting.pop()
    // Nothing is said of what came behind: the answer before may be one that ends with the connection.
    waiting.push(() => socket.destroySoon())
  }
}

function describeBadMessage(code: string): OwnAnswer {
  return { ...answerOf(BY_CODE[code] ?? 'bad_message'), errors: 'problem' }
}

const BY_CODE: Readonly<Record<string, AnswerCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'chunk_extensions_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'headers_timeout',
}
