import { isIP } from 'node:net'
import type { NormalListen } from '../shapes/normal-config.ts'

/** How curl reaches a proxy from the machine that it runs on. */
export interface CurlAddress {
  /** Words that say so beside the URL. */
  readonly options: readonly string[]
  /** What its URLs start with. */
  readonly origin: string
  /** The address that a command comes from there; empty: it comes through a Unix socket. */
  readonly from: string
}

const LOOPBACK = '127.0.0.1'

/** Every address of a machine is loopback's too; `::` takes IPv4 as well. */
const EVERY: ReadonlySet<string> = new Set(['0.0.0.0', '::'])

/** How curl reaches a listener. Its certificate is for a name that is not asked for here, and so it is not verified. */
export function curlAddress({ address, tls }: NormalListen): CurlAddress {
  const scheme = tls === null ? 'http' : 'https'
  const unverified = tls === null ? [] : ['-k']
  if ('socketPath' in address)
    return {
      options: [...unverified, '--unix-socket', address.socketPath],
      origin: `${scheme}://localhost`,
      from: '',
    }
  const host = EVERY.has(address.host) ? LOOPBACK : address.host
  const authority = isIP(host) === 6 ? `[${host.replace('%', '%25')}]` : host
  const isOther = isIP(host) !== 0 && !host.startsWith('127.')
  return {
    options: unverified,
    origin: `${scheme}://${authority}:${address.port}`,
    from: isOther ? host : LOOPBACK,
  }
}

/** Where Keyway listens unless a file says otherwise. */
export const DEFAULT_CURL_ADDRESS: CurlAddress = curlAddress({
  address: { host: LOOPBACK, port: 8080 },
  tls: null,
})
