import { connect as connectTcp, type Socket } from 'node:net'
import { HeadCollector } from '../../http/message/head-collector.ts'
import { printRequestHead } from '../../http/message/request-head.ts'
import { mayBeginResponse, parseResponseHead } from '../../http/message/response-head.ts'
import { RESPONSE_HEAD_BYTES } from '../../http/message/response-reader.ts'

/** A proxy that does not let us through: no byte has gone to the upstream. */
class ProxyRefusedError extends Error {
  override readonly name = 'ProxyRefusedError'
  readonly code = 'ERR_PROXY_REFUSED'
}

/** Whoever the tunnel is opened for; bounds its time. */
export interface TunnelOwner {
  /** Hears of the socket's failure from now on. */
  readonly watch: (socket: Socket) => void
  readonly fail: (error: Error) => void
}

/**
 * Opens a tunnel through an outbound proxy (CONNECT, RFC 9110 §9.3.6); `proxy` is its URL, whose
 * user and password become Proxy-Authorization. TLS in it is end to end.
 */
export function openTunnel(
  proxy: string,
  target: { readonly host: string; readonly port: number },
  owner: TunnelOwner,
  onTunnel: (socket: Socket) => void,
): void {
  const url = new URL(proxy)
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const isTls = url.protocol === 'https:'
  const port = url.port === '' ? (isTls ? 443 : 80) : Number(url.port)
  const socket = isTls ? connectByTls(host, port) : connectTcp({ host, port })
  owner.watch(socket)
  socket.once(isTls ? 'secureConnect' : 'connect', () => {
    socket.write(printConnect(url, target), 'latin1')
    readAnswer(socket, owner, onTunnel)
  })
}

function connectByTls(host: string, port: number): Socket {
  const { connect } = process.getBuiltinModule('node:tls')
  return connect({ host, port, servername: host })
}

function printConnect(
  url: URL,
  { host, port }: { readonly host: string; readonly port: number },
): string {
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return printRequestHead({
    method: 'CONNECT',
    target,
    fields: authorization(url),
    host: target,
    bodyBytes: null,
    isChunked: false,
    upgrade: null,
  })
}

function authorization({ username, password }: URL): readonly string[] {
  if (username === '' && password === '') return []
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return ['Proxy-Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]
}

function readAnswer(socket: Socket, owner: TunnelOwner, onTunnel: (socket: Socket) => void): void {
  const head = new HeadCollector(RESPONSE_HEAD_BYTES, mayBeginResponse)
  const onData = (chunk: Buffer): void => {
    try {
      const next = pushHeads(head, chunk)
      if (next < 0) return
      socket.off('data', onData)
      socket.pause()
      // Whatever it says ahead of our first byte is the tunnel's.
      if (next < chunk.length) socket.unshift(chunk.subarray(next))
      onTunnel(socket)
    } catch (error) {
      owner.fail(error as Error)
    }
  }
  socket.on('data', onData)
}

/** The index behind the head that opens the tunnel, whichever status of 2xx it has; -1: it is not whole. */
function pushHeads(head: HeadCollector, chunk: Buffer): number {
  let at = 0
  while (at < chunk.length) {
    at = head.push(chunk, at)
    if (at < 0 && head.fault === null) return -1
    const { status } = parseResponseHead(head.text)
    if (status >= 300) throw new ProxyRefusedError('the outbound proxy refused the tunnel')
    if (status >= 200) return at
    // An interim answer says nothing of the tunnel yet.
    head.reset()
  }
  return -1
}
