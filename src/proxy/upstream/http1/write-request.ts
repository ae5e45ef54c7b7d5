import type { Socket } from 'node:net'
import { printRequestHead } from '../../../http/message/request-head.ts'
import type { OutgoingRequest } from '../call.ts'
import { BodySender, type BodySenderOwner } from './body-sender.ts'

/** A head and a body this short leave as one string, which costs Node less than a write of two parts. */
const ONE_WRITE_BYTES = 15 * 1024

/** Prints a request's head, with the framing that its body is sent in. */
export function printHead(request: OutgoingRequest, host: string): string {
  const { method, target, fields, body, upgrade } = request
  const bodyBytes = body?.length ?? null
  const isChunked = body !== null && bodyBytes === null
  return printRequestHead({ method, target, fields, host, bodyBytes, isChunked, upgrade })
}

/** Writes a request; what sends its body where it is still coming, else null. */
export function writeRequest(
  socket: Socket,
  head: string,
  body: OutgoingRequest['body'],
  owner: BodySenderOwner,
): BodySender | null {
  if (body === null) socket.write(head, 'latin1')
  else if (Buffer.isBuffer(body)) writeWhole(socket, head, body)
  else {
    const sender = new BodySender(socket, body, owner)
    // The first bytes of the body are mostly here: they leave with the head.
    socket.cork()
    socket.write(head, 'latin1')
    body.pipeTo(sender)
    process.nextTick(uncork, socket)
    return sender
  }
  return null
}

function writeWhole(socket: Socket, head: string, body: Buffer): void {
  if (head.length + body.length <= ONE_WRITE_BYTES) {
    socket.write(head + body.toString('latin1'), 'latin1')
    return
  }
  socket.cork()
  socket.write(head, 'latin1')
  socket.write(body)
  socket.uncork()
}

function uncork(socket: Socket): void {
  socket.uncork()
}
