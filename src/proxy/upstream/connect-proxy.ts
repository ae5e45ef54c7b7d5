import type { Socket } from 'node:net'
import { type buildConnector, errors, Pool } from 'undici'

/** What a tunnel is opened with. */
export interface ProxySettings {
  /** URL of the outbound proxy; its user and password become Proxy-Authorization. */
  readonly proxy: string
  /** Time for the proxy to connect; 0: no limit. */
  readonly connectMs: number
}

/** A proxy that does not let us through: no byte has gone to the upstream. */
export class ProxyRefusedError extends Error {
  readonly code = 'ERR_PROXY_REFUSED'
}

/** Opens connections through an outbound proxy (CONNECT, RFC 9110 §9.3.6), then as `connect` would; TLS is end to end. */
export function connectThroughProxy(
  connect: buildConnector.connector,
  settings: ProxySettings,
): buildConnector.connector {
  const url = new URL(settings.proxy)
  // A connection that became a tunnel is not given back: the pool opens another for the next.
  const pool = new Pool(url.origin, { connectTimeout: settings.connectMs })
  return (target, callback) => {
    openTunnel(pool, url, target, settings.connectMs).then(
      (socket) => {
        if (target.protocol === 'https:') connect({ ...target, httpSocket: socket }, callback)
        else callback(null, socket)
      },
      (error: Error) => callback(error, null),
    )
  }
}

async function openTunnel(
  pool: Pool,
  url: URL,
  { hostname, port, protocol }: buildConnector.Options,
  connectMs: number,
): Promise<Socket> {
  const host = hostname.includes(':') ? `[${hostname}]` : hostname
  const path = `${host}:${port || (protocol === 'https:' ? 443 : 80)}`
  const signal = connectMs > 0 ? AbortSignal.timeout(connectMs) : null
  const headers = { host: path, ...authorization(url) }
  try {
    const { statusCode, socket } = await pool.connect({ path, headers, signal })
    socket.on('error', () => socket.destroy())
    if (statusCode === 200) return (socket as Socket).setNoDelay(true)
    socket.destroy()
  } catch (error) {
    if (signal?.aborted) throw new errors.ConnectTimeoutError()
    throw error
  }
  throw new ProxyRefusedError('the outbound proxy refused the tunnel')
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}
