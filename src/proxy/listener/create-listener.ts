import { createServer, type Server } from 'node:net'
import type { NormalListen, ServerLimits } from '../../config/shapes/normal-config.ts'
import { readTlsFiles } from '../../files/tls-files.ts'

/** What the TLS handshake offers, in order of preference. */
const ALPN_PROTOCOLS: string[] = ['h2', 'http/1.1']

/** Time for a TLS handshake where the file sets none for a request's head. */
const HANDSHAKE_MS = 120_000

/** Creates the server that accepts connections, with TLS or without; it speaks no HTTP. Throws TlsFileError. */
export function createListener({ tls }: NormalListen, limits: ServerLimits): Server {
  if (tls === null) return createServer({ noDelay: true })
  return process.getBuiltinModule('node:tls').createServer({
    ...readTlsFiles(tls),
    noDelay: true,
    ALPNProtocols: ALPN_PROTOCOLS,
    handshakeTimeout: limits.headersTimeoutMs || HANDSHAKE_MS,
  })
}
