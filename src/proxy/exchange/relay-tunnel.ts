import type { Socket } from 'node:net'
import { createByteMeter } from '../client/byte-meter.ts'
import type { Handshake } from '../client/handshake.ts'
import { joinTunnel } from '../client/web-socket-tunnel.ts'
import { withSubprotocol } from './answer-fields.ts'
import type { Incoming } from './incoming.ts'
import { maskHead, type Sent } from './mask-response.ts'

/** A handshake that an upstream has accepted. */
interface Switched {
  readonly handshake: Handshake
  readonly status: number
  readonly fields: string[]
  readonly upstream: Socket
}

/** Answers a client's handshake as its upstream did, and joins the two; `onClosed` hears of the end. */
export function relayTunnel(
  incoming: Incoming,
  sent: Sent,
  { handshake, status, fields, upstream }: Switched,
  onClosed: () => void,
): void {
  const { context, recording } = incoming
  const { forward } = sent
  recording?.begin('websocket')
  const meterBytes = createByteMeter(handshake.socket)
  const { fields: shown } = maskHead(incoming, sent, '', fields)
  joinTunnel(handshake, status, withSubprotocol(shown, forward.subprotocol), {
    upstream,
    messageBytes: context.limits.messageBytes,
    idleMs: forward.limits.idleMs,
    onClosed: () => {
      recording?.addBytes(meterBytes())
      onClosed()
    },
  })
}
