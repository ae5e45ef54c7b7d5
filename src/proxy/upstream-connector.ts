import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { buildConnector } from 'undici'
import type { NormalUpstream } from '../config/normal-config.ts'
import type { StatusLines } from '../http/status-lines.ts'

/**
 * Builds what opens connections to an upstream: certificates verified unless the file says
 * otherwise, its own CA, client certificate and server name. Reads the named files; throws where
 * one can't be read.
 */
export function createConnector({ tls, limits, socket }: NormalUpstream): buildConnector.connector {
  const options: buildConnector.BuildOptions = {
    timeout: limits.connectMs,
    rejectUnauthorized: !tls.insecure,
  }
  if (socket !== null) options.socketPath = socket
  if (tls.ca !== null) options.ca = readFileSync(tls.ca)
  if (tls.cert !== null) options.cert = readFileSync(tls.cert)
  if (tls.key !== null) options.key = readFileSync(tls.key)
  const connect = buildConnector(options)
  const { servername } = tls
  if (servername === null) return connect
  return (target, callback) => connect({ ...target, servername }, callback)
}

/** The same, with each socket's reads passing through `lines`. */
export function watchStatusLines(
  connect: buildConnector.connector,
  lines: StatusLines,
): buildConnector.connector {
  return (target, callback) => {
    connect(target, (...result) => {
      if (result[0] === null) filterReads(result[1], lines)
      callback(...result)
    })
  }
}

function filterReads(socket: Socket, lines: StatusLines): void {
  const read = socket.read
  socket.read = (size) => {
    for (;;) {
      const chunk: Buffer | null = read.call(socket, size)
      const passed = chunk === null ? null : lines.pass(chunk)
      if (chunk === null || passed !== null) return passed
    }
  }
}
