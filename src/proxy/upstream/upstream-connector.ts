import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import type { StatusLines } from '../../http/status-lines.ts'
import type { TableTarget } from '../../routing/table-upstream.ts'
import { connectThroughProxy } from './connect-proxy.ts'

/**
 * Builds what opens connections to a target: certificates verified unless the file says otherwise,
 * its own CA, client certificate and server name, over a unix socket or through an outbound proxy
 * where the file says so. Reads the named files; throws where one can't be read.
 */
export function createConnector({ config, proxy }: TableTarget): buildConnector.connector {
  const connect = nameServer(createDirect(config), config.tls.servername)
  if (proxy === null) return connect
  return connectThroughProxy(connect, { proxy, connectMs: config.limits.connectMs })
}

function createDirect({
  tls,
  limits,
  socket,
  http2,
}: TableTarget['config']): buildConnector.connector {
  const options: buildConnector.BuildOptions = {
    timeout: limits.connectMs,
    rejectUnauthorized: !tls.insecure,
    allowH2: http2,
  }
  if (socket !== null) options.socketPath = socket
  if (tls.ca !== null) options.ca = readFileSync(tls.ca)
  if (tls.cert !== null) options.cert = readFileSync(tls.cert)
  if (tls.key !== null) options.key = readFileSync(tls.key)
  return buildConnector(options)
}

function nameServer(
  connect: buildConnector.connector,
  servername: string | null,
): buildConnector.connector {
  if (servername === null) return connect
  return (target, callback) => connect({ ...target, servername }, callback)
}

/** Has a socket's reads pass through `lines`. */
export function filterReads(socket: Socket, lines: StatusLines): void {
  // Heard before undici hears it, which takes a reset for the end of a body that ends with the connection.
  socket.once('error', () => {
    lines.isBroken = true
  })
  const read = socket.read
  socket.read = (size) => {
    for (;;) {
      const chunk: Buffer | null = read.call(socket, size)
      const passed = chunk === null ? null : lines.pass(chunk)
      if (chunk === null || passed !== null) return passed
    }
  }
}
