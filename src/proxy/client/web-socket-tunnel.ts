import type { Socket } from 'node:net'
import { withoutLength } from '../../http/fields/fit-fields.ts'
import { createFrameMeter, type FrameMeter, tooBigFrame } from '../../http/frame-meter.ts'
import type { Handshake } from './handshake.ts'
import { printHead, resetSocket } from './own-response.ts'

/** What a tunnel joins and what bounds it; 0 means no limit. */
export interface TunnelParts {
  readonly client: Socket
  readonly upstream: Socket
  readonly messageBytes: number
  readonly idleMs: number
  /** Called once, when both sides are closed. */
  readonly onClosed: () => void
}

interface Side {
  readonly socket: Socket
  readonly role: 'client' | 'server'
  /** Follows the frames that this side sends; null: messages of any length pass. */
  readonly meter: FrameMeter | null
}

/** Tells the client that the upstream has switched protocols, then joins the two. */
export function joinTunnel(
  { socket, takeEarly }: Handshake,
  status: number,
  fields: readonly string[],
  parts: Omit<TunnelParts, 'client'>,
): void {
  const own = ['Connection', 'Upgrade', 'Upgrade', 'websocket']
  socket.write(
    printHead(status, 'Switching Protocols', [...own, ...withoutLength(fields)]),
    'latin1',
  )
  const early = takeEarly()
  if (early.length > 0) socket.unshift(early)
  openTunnel({ client: socket, ...parts })
}

/**
 * Carries bytes both ways until both sides have closed: a side that does not read stops the other
 * from being read, a half-close and a reset reach the other side as what they are.
 */
function openTunnel(parts: TunnelParts): void {
  const { client, upstream, messageBytes, idleMs, onClosed } = parts
  const meter = (): FrameMeter | null => (messageBytes > 0 ? createFrameMeter(messageBytes) : null)
  const near: Side = { socket: client, role: 'client', meter: meter() }
  const far: Side = { socket: upstream, role: 'server', meter: meter() }
  let open = 2
  const onClose = (): void => {
    open -= 1
    if (open === 0) onClosed()
  }
  client.once('close', onClose)
  upstream.once('close', onClose)
  carry(near, far)
  carry(far, near)
  // Bytes of either direction pass the client's socket, so its clock is the tunnel's.
  client.setTimeout(idleMs, () => {
    client.destroy()
    upstream.destroy()
  })
}

function carry(from: Side, to: Side): void {
  const source = from.socket
  const sink = to.socket
  source.allowHalfOpen = true
  source.on('data', (chunk: Buffer) => {
    const passing = from.meter === null ? chunk.length : from.meter.push(chunk)
    if (passing < chunk.length) refuseMessage(from, to, chunk.subarray(0, passing))
    else if (!sink.write(chunk)) source.pause()
  })
  sink.on('drain', () => source.resume())
  source.on('end', () => sink.end())
  source.on('error', () => resetSocket(sink))
  source.on('close', () => {
    if (!source.readableEnded) sink.destroy()
  })
  source.resume()
}

/** Tells the sender why, where its side of the stream stands between frames, and closes both. */
function refuseMessage(from: Side, to: Side, passing: Buffer): void {
  from.socket.removeAllListeners('data')
  from.socket.resume()
  to.socket.write(passing)
  const mayTell = to.meter?.isBetweenFrames() ?? false
  if (mayTell) from.socket.write(tooBigFrame(from.role === 'client' ? 'server' : 'client'))
  from.socket.destroySoon()
  to.socket.destroySoon()
}
