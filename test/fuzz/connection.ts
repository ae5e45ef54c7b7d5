import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls'

/** What carries HTTP. */
export type Transport = 'plain' | 'tls'

/** A connection to Keyway. */
export interface Connection {
  /** Carries HTTP. */
  readonly socket: Socket
  /** Carries TLS below it, which knows no reset; without TLS it is the same. */
  readonly carrier: Socket
  /** Tells that it may be written to; by TLS now and then while hands are still shaken. */
  readonly opening: 'connect' | 'secureConnect'
}

const fixture = (name: string): string => join(process.cwd(), 'test/fixtures/tls', name)

/** The certificate to trust where the other side speaks TLS. */
export const CA_FILE: string = fixture('ca.pem')
/** The certificate and key of whoever is spoken to by TLS. */
export const CERTIFICATE_FILE: string = fixture('server.pem')
export const KEY_FILE: string = fixture('server.key')

/** What `server.listen` of a configuration says, for a port that is free. */
export function printListen(transport: Transport): string {
  const address = '127.0.0.1:0'
  if (transport === 'plain') return address
  return `{ address: '${address}', tls: { cert: ${CERTIFICATE_FILE}, key: ${KEY_FILE} } }`
}

const SMALL_RECORD = 512
/** Made once: to make one costs more than a handshake. */
const CONTEXTS = {
  'TLSv1.2': createSecureContext({ ca: [], maxVersion: 'TLSv1.2' }),
  'TLSv1.3': createSecureContext({ ca: [] }),
} as const
/** What the listener gave last, to come back with. */
let session: Buffer | undefined

/**
 * Opens a connection that may be half closed. By TLS `number` tells how: with ALPN or without, as a
 * stranger or by an earlier session, with small records of which many come in one read, or large,
 * and whether the first bytes come with the last of the handshake.
 */
export function openConnection(port: number, transport: Transport, number: number): Connection {
  const carrier = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  if (transport === 'plain') return { socket: carrier, carrier, opening: 'connect' }
  const socket: TLSSocket = connectTls({
    socket: carrier,
    secureContext: CONTEXTS[number % 7 === 0 ? 'TLSv1.2' : 'TLSv1.3'],
    servername: 'localhost',
    // As costly as the handshake, and not what is looked at.
    rejectUnauthorized: false,
    ...(number % 5 !== 0 && { ALPNProtocols: ['http/1.1'] }),
    ...(number % 4 !== 0 && session !== undefined && { session }),
  })
  if (number % 2 === 0) socket.setMaxSendFragment(SMALL_RECORD)
  socket.on('session', (given: Buffer) => {
    if (socket.getProtocol() === 'TLSv1.3') session = given
  })
  // What breaks below is told above.
  carrier.on('error', () => {})
  carrier.on('close', () => socket.destroy())
  return { socket, carrier, opening: number % 3 === 0 ? 'connect' : 'secureConnect' }
}
