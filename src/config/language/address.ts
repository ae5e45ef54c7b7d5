import { isIP } from 'node:net'
import type { NormalAddress } from '../shapes/normal-config.ts'

/** Reads `host:port`, `[ipv6]:port` or `unix:/path`; null where it is none of them. */
export function parseAddress(text: string): NormalAddress | null {
  if (text.startsWith('unix:')) {
    const socketPath = text.slice(5)
    return socketPath === '' ? null : { socketPath }
  }
  const match = /^(?:\[([^\]]+)\]|([^:[\]\s/]+)):(\d{1,5})$/.exec(text)
  if (!match) return null
  const [, ipv6, host, digits] = match
  const port = Number(digits)
  if (port > 65_535 || (ipv6 !== undefined && isIP(ipv6) !== 6)) return null
  return { host: (ipv6 ?? host) as string, port }
}

/** What Linux has room for (unix(7)); what is longer is cut off there, and names another socket. */
const SOCKET_PATH_BYTES = 107

/** Says what is wrong with the path of a socket; null: nothing. */
export function findSocketFault(path: string): string | null {
  const length = Buffer.byteLength(path)
  if (length <= SOCKET_PATH_BYTES) return null
  return `the path of a socket has at most ${SOCKET_PATH_BYTES} bytes, and this one has ${length}`
}

/** Whether only processes on this machine can reach an address. */
export function isLoopback(address: NormalAddress): boolean {
  if ('socketPath' in address) return true
  return address.host === 'localhost' || address.host === '::1' || /^127\./.test(address.host)
}

/** Whether two addresses can't both be listened on. */
export function isSameAddress(a: NormalAddress, b: NormalAddress): boolean {
  if ('socketPath' in a || 'socketPath' in b)
    return 'socketPath' in a && 'socketPath' in b && a.socketPath === b.socketPath
  if (a.port !== b.port || a.port === 0) return false
  return a.host === b.host || [a.host, b.host].some((host) => host === '0.0.0.0' || host === '::')
}
