import type { Socket } from 'node:net'
import { connectionOf } from '../client/connections.ts'
import type { OwnError } from '../client/errors.ts'
import { sendErrorOnSocket } from '../client/own-response.ts'

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
  if (isIdle) sendErrorOnSocket(socket, describeBadMessage(error.code ?? ''))
  else if (error.code === 'HPE_INVALID_EOF_STATE') socket.destroy()
  else {
    if (isInBody) waiting.pop()
    // Nothing is said of what came behind: the answer before may be one that ends with the connection.
    waiting.push(() => socket.destroySoon())
  }
}

function describeBadMessage(code: string): OwnError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return own(431, 'headers_too_large', 'The header fields are too long.')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return own(413, 'chunk_extensions_too_large', 'The chunk extensions are too long.')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return own(408, 'headers_timeout', 'The header fields did not come in time.')
    default:
      return own(400, 'bad_message', 'The message is malformed or ambiguous.')
  }
}

function own(status: number, code: string, message: string): OwnError {
  return { status, code, message, errors: 'problem' }
}
