import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { isTlsServer } from '../client/connections.ts'
import type { Handshake } from '../client/handshake.ts'

/** Bytes a client may send before its handshake is answered; none is right, a few are harmless. */
const EARLY_BYTES = 16 * 1024

/** A handshake, and what may be answered to it in the words of HTTP. */
export interface OpenHandshake {
  readonly response: ServerResponse
  readonly handshake: Handshake
}

/** The response to a request that Node leaves to whoever upgrades it; null: an earlier one is not answered yet. */
function claimResponse(request: IncomingMessage, socket: Socket): ServerResponse | null {
  const response = new ServerResponse(request)
  response.shouldKeepAlive = false
  try {
    response.assignSocket(socket)
  } catch {
    return null
  }
  return response
}

/** Answers in place of Node, which has let go of the socket or will; the answer is the connection's last. */
function answerAlone(response: ServerResponse, socket: Socket): void {
  // Nobody else tells it, and a long answer would wait for ever.
  socket.on('drain', () => response.emit('drain'))
  response.on('finish', () => socket.destroySoon())
}

/** Takes a socket over that Node has let go of at an upgrade; null where it answers an earlier request. */
export function openHandshake(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): OpenHandshake | null {
  const response = claimResponse(request, socket)
  if (response === null) return null
  answerAlone(response, socket)
  return { response, handshake: { socket, takeEarly: collectEarly(socket, head) } }
}

/** Reads on while the upstream is asked, to see the client leave. */
function collectEarly(socket: Socket, head: Buffer): Handshake['takeEarly'] {
  const chunks = [head]
  let bytes = head.length
  const onData = (chunk: Buffer): void => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > EARLY_BYTES) socket.destroy()
  }
  // Node's server has let go of the socket: nobody else would close it.
  const onEnd = (): void => void socket.destroy()
  socket.on('data', onData)
  socket.on('end', onEnd)
  return () => {
    socket.off('data', onData)
    socket.off('end', onEnd)
    socket.pause()
    return Buffer.concat(chunks)
  }
}

const DROPPED: ReadonlySet<string> = new Set(['upgrade', 'http2-settings', 'connection'])

/**
 * Has a request with another Upgrade (Java's client offers h2c on every first request) parsed
 * again without it: a server may ignore the offer, but Node stops parsing at it.
 */
export function parseAgain(
  server: Server,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  // Two parsers would answer on one socket, the later one never.
  const claimed = claimResponse(request, socket)
  if (claimed === null) return void socket.destroy()
  claimed.detachSocket(socket)
  const { method, url, httpVersion, rawHeaders } = request
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (const [name, value] of fieldPairs(rawHeaders))
    if (!DROPPED.has(name.toLowerCase())) text += `${name}: ${value}\r\n`
  const others = keptOptions(request.headers.connection ?? '')
  if (others !== '') text += `Connection: ${others}\r\n`
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]))
  server.emit(isTlsServer(server) ? 'secureConnection' : 'connection', socket)
}

/** Whether Node has read the body of a request with an Upgrade, or is reading it, as it does from 26 on. */
export function isBodyRead(request: IncomingMessage, stream: Duplex): boolean {
  // A body that has come with its head is in the request; of another the stream begins behind it.
  return stream !== request.socket || request.readableLength > 0
}

/** Serves a request with an Upgrade, whose body Node reads itself, as if it had none. */
export function serveUnswitched(server: Server, request: IncomingMessage, stream: Duplex): void {
  const { socket } = request
  for (const one of [stream, socket]) one.on('error', () => socket.destroy())
  const response = claimResponse(request, socket)
  if (response === null) return void socket.destroy()
  answerAlone(response, socket)
  // Nobody else sees the client leave any more; what comes behind the body is not served.
  if (stream === socket) socket.on('end', () => socket.destroy()).resume()
  if (/^100-continue$/i.test(request.headers.expect ?? '')) response.writeContinue()
  server.emit('request', request, response)
}

function keptOptions(connection: string): string {
  const options = connection.split(',').map((option) => option.trim())
  return options.filter((option) => option && !DROPPED.has(option.toLowerCase())).join(', ')
}
