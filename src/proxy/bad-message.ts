import type { Socket } from 'node:net'
import { connectionOf } from './connections.ts'
import type { OwnError } from './errors.ts'
import { sendErrorOnSocket } from './own-response.ts'

/** Answers what Node's parser refuses: the connection's bytes can't be told apart any more, so it closes. */
export function refuseBadMessage(error: Error & { code?: string }, socket: Socket): void {
  if (socket.destroyed || socket.writableEnded) return
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { occupant, waiting } = connectionOf(socket)
  if (occupant?.onBadMessage()) return
  if (occupant !== null || waiting.length > 0) return void socket.destroy()
  sendErrorOnSocket(socket, describeBadMessage(error.code ?? ''))
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
