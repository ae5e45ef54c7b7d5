import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Server as TlsServer } from 'node:tls'
import { answerOf } from '../../answers/answers.ts'
import { type ClientConnection, connectionOf } from '../client/connections.ts'
import { asksForWebSocket, type Handshake } from '../client/handshake.ts'
import type { OwnAnswer } from '../client/own-answer.ts'
import { sendAnswerOnSocket } from '../client/own-response.ts'
import { announcedLength } from '../client/request-body.ts'
import type { ProxyContext } from '../exchange/proxy-context.ts'
import { serveRequest } from '../exchange/serve-request.ts'

/** Bytes a client may send before its handshake is answered; none is right, a few are harmless. */
const EARLY_BYTES = 16 * 1024

/**
 * Takes upgrades over from Node. http-proxy's own WebSockets answer 101 before they have asked the
 * upstream and know no backpressure; here the upstream is asked first, as for any request, and
 * after its 101 bytes are carried as they are.
 */
export function acceptUpgrades(server: Server, context: ProxyContext): void {
  // Not in the types of Node 20: newer ones ask before they let go of a socket, and would hand out
  // what is no socket where a body comes with the request.
  Object.assign(server, {
    shouldUpgradeCallback: (request: IncomingMessage) =>
      asksForWebSocket(request) && announcedLength(request) === 0,
  })
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy())
    const connection = connectionOf(socket)
    if (isBusy(connection)) socket.destroy()
    else if (!asksForWebSocket(request)) parseAgain(server, request, socket, head)
    else shakeHands(context, request, socket, head)
  })
  // CONNECT would make a tunnel to a host of the client's choice.
  server.on('connect', (request: IncomingMessage) => {
    // Newer Nodes hand out something else beside it where a body is announced.
    const { socket } = request
    socket.on('error', () => socket.destroy())
    if (isBusy(connectionOf(socket))) socket.destroy()
    else sendAnswerOnSocket(socket, NO_CONNECT)
  })
}

/** Node lets go of a socket at an upgrade: what was asked on it before can't be answered any more. */
export function isBusy({ occupant, waiting, isClosing }: ClientConnection): boolean {
  return occupant !== null || waiting.length > 0 || isClosing
}

const NO_CONNECT: OwnAnswer = { ...answerOf('connect_refused'), errors: 'problem' }

function shakeHands(
  context: ProxyContext,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const { response, handshake } = openHandshake(request, socket, head)
  serveRequest(context, request, response, handshake)
}

/** A handshake, and what may be answered to it in the words of HTTP. */
export interface OpenHandshake {
  readonly response: ServerResponse
  readonly handshake: Handshake
}

/** Takes a socket over that Node has let go of at an upgrade. */
export function openHandshake(
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): OpenHandshake {
  const response = new ServerResponse(request)
  response.assignSocket(socket)
  response.shouldKeepAlive = false
  response.on('finish', () => socket.destroySoon())
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
  const { method, url, httpVersion, rawHeaders } = request
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string
    if (!DROPPED.has(name.toLowerCase())) text += `${name}: ${rawHeaders[i + 1]}\r\n`
  }
  const others = keptOptions(request.headers.connection ?? '')
  if (others !== '') text += `Connection: ${others}\r\n`
  socket.unshift(Buffer.concat([Buffer.from(`${text}\r\n`, 'latin1'), head]))
  server.emit(server instanceof TlsServer ? 'secureConnection' : 'connection', socket)
}

function keptOptions(connection: string): string {
  const options = connection.split(',').map((option) => option.trim())
  return options.filter((option) => option && !DROPPED.has(option.toLowerCase())).join(', ')
}
