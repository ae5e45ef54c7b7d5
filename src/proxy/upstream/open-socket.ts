import { connect as connectTcp, isIP, type OnReadOpts, type Socket } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import { readTlsFiles } from '../../files/tls-files.ts'
import type { TableTarget } from '../../routing/table-upstream.ts'
import { awaitConnection, ownUnread, type SocketOwner } from '../client/own-socket.ts'
import { openTunnel } from './open-tunnel.ts'
import { UpstreamError } from './upstream-error.ts'

/** Told once: a socket that is connected, its peer verified, or the error. */
export type OnSocket = (error: Error | null, socket: Socket | null) => void

/**
 * Opens a connection to one target. Bytes go to `reads` where it is given and the socket's own
 * `data` else; through an outbound proxy they always go to `data`. The socket has a listener of its errors.
 */
export type OpenSocket = (reads: OnReadOpts | null, onSocket: OnSocket) => void

const KEEP_ALIVE_PROBE_MS = 60_000

/**
 * Builds what opens connections to a target: certificates verified unless the file says otherwise,
 * its own CA, client certificate and server name, over a unix socket or through an outbound proxy
 * where the file says so. Reads the named files; throws where one can't be read.
 */
export function createSocketOpener(target: TableTarget, protocols: readonly string[]): OpenSocket {
  const address = addressOf(target)
  const { proxy, config } = target
  const { connectMs } = config.limits
  const secure = address.isTls ? createHandshake(target, address.host, protocols) : null
  if (proxy === null) {
    const connect = secure ?? connectTcp
    return (reads, onSocket) =>
      new Opening(connectMs, onSocket).follow(connect(withReads(address.endpoint, reads)))
  }
  return (_, onSocket) => {
    const opening = new Opening(connectMs, onSocket)
    openTunnel(proxy, address, opening, (plain) =>
      secure === null ? opening.succeed(plain) : opening.follow(secure({ socket: plain })),
    )
  }
}

/** Where a target is. */
export interface TargetAddress {
  /** Name or address, without brackets. */
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  /** As Node's connect takes it. */
  readonly endpoint: Endpoint
}

type Endpoint = { readonly host: string; readonly port: number } | { readonly path: string }

function addressOf({ origin, config }: TableTarget): TargetAddress {
  const { hostname, port: written, protocol } = new URL(origin)
  const host = hostname.replace(/^\[|\]$/g, '')
  const isTls = protocol === 'https:'
  const port = written === '' ? (isTls ? 443 : 80) : Number(written)
  const endpoint = config.socket === null ? { host, port } : { path: config.socket }
  return { host, port, isTls, endpoint }
}

function withReads(
  endpoint: Endpoint,
  reads: OnReadOpts | null,
): Endpoint & { onread?: OnReadOpts } {
  return reads === null ? endpoint : { ...endpoint, onread: reads }
}

/** One secure context for all of a target's connections, and the session that the last one left. */
function createHandshake(
  { config }: TableTarget,
  host: string,
  protocols: readonly string[],
): (options: ConnectionOptions) => Socket {
  const { connect, createSecureContext } = process.getBuiltinModule('node:tls')
  const secureContext = createSecureContext(readTlsFiles(config.tls))
  const servername = config.tls.servername ?? (isIP(host) === 0 ? host : '')
  const common: ConnectionOptions = {
    secureContext,
    host,
    servername,
    rejectUnauthorized: !config.tls.insecure,
    ALPNProtocols: [...protocols],
  }
  let session: Buffer | undefined
  return (options) => {
    const socket = connect({ ...common, ...options, ...(session && { session }) })
    socket.on('session', (ticket: Buffer) => {
      session = ticket
    })
    // What it was refused for may be the session.
    socket.once('error', () => {
      session = undefined
    })
    return socket
  }
}

/** A connection on its way: one deadline for all its steps, one end. */
class Opening implements SocketOwner {
  private readonly onSocket: OnSocket
  private readonly timer: NodeJS.Timeout | null
  private socket: Socket | null = null
  private isOver = false

  constructor(connectMs: number, onSocket: OnSocket) {
    this.onSocket = onSocket
    this.timer = connectMs > 0 ? setTimeout(onConnectTimeout, connectMs, this) : null
  }

  /** Waits until `socket` is connected, and secure if it is to be. */
  follow(socket: Socket): void {
    this.watch(socket)
    awaitConnection(socket, 'authorized' in socket ? 'secureConnect' : 'connect')
  }

  /** Waits for this socket's failure. */
  watch(socket: Socket): void {
    this.socket = socket
    ownUnread(socket, this)
  }

  connected(socket: Socket): void {
    this.succeed(socket)
  }

  succeed(socket: Socket): void {
    if (!this.finish()) return
    // Whoever has it now outlives us by far.
    ownUnread(socket, NOBODY)
    this.onSocket(null, socket)
    // The first request is on its way by now, and has not waited for this.
    if (!socket.destroyed) setOptions(socket)
  }

  fail(error: Error): void {
    if (!this.finish()) return
    this.socket?.destroy()
    this.onSocket(error, null)
  }

  gone(): void {
    this.fail(new UpstreamError('UPSTREAM_CLOSED'))
  }

  read(): void {}

  drained(): void {}

  end(): void {}

  private finish(): boolean {
    if (this.isOver) return false
    this.isOver = true
    if (this.timer !== null) clearTimeout(this.timer)
    return true
  }
}

/** Owns what is handed over until somebody else does, so that an error of it ends nothing else. */
const NOBODY: SocketOwner = { read() {}, drained() {}, end() {}, gone() {} }

function setOptions(socket: Socket): void {
  socket.setNoDelay(true)
  socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS)
}

function onConnectTimeout(opening: Opening): void {
  opening.fail(new UpstreamError('UPSTREAM_CONNECT_TIMEOUT'))
}
