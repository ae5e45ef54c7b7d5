import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ResponseMessage } from '../../http/message/message.ts'
import { InboundResponse } from '../listener/http2/http2-inbound-response.ts'
import { resetSocket } from './own-response.ts'

/**
 * Ends a response that can't be completed so that the client sees it: what came is delivered, then
 * the stream is reset, or the connection closes before the end that the framing announces. A body
 * that ends with the connection is ended by a reset.
 */
export function breakOff(response: ResponseMessage): void {
  if (response instanceof InboundResponse) response.breakOff()
  else breakConnection(response as ServerResponse)
}

function breakConnection({ chunkedEncoding, shouldKeepAlive, req, socket }: ServerResponse): void {
  if (socket === null) return
  const isFramed = chunkedEncoding || shouldKeepAlive
  const isTold = isFramed && req.httpVersionMinor > 0
  // Newer Nodes hold what was written back to the end of the tick.
  process.nextTick(isTold ? destroySoon : resetSocket, socket)
}

function destroySoon(socket: Socket): void {
  socket.destroySoon()
}
