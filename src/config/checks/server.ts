import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { findSocketFault, isSameAddress, parseAddress } from '../language/address.ts'
import { DEFAULT_ADMIN, DEFAULT_LISTEN } from '../normalize/normalize-server.ts'
import type { NormalAddress } from '../shapes/normal-config.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'

/** Checks the addresses that Keyway listens on and those it trusts. */
export function checkServer(context: CheckContext): void {
  const { path, value: server } = context.model.server
  const listenPath = [...path, 'listen', ...(typeof server.listen === 'object' ? ['address'] : [])]
  const listenText = typeof server.listen === 'object' ? server.listen.address : server.listen
  const listen = checkAddress(context, listenPath, listenText ?? DEFAULT_LISTEN)
  const adminPath = [...path, 'admin', ...(typeof server.admin === 'object' ? ['listen'] : [])]
  const adminText = typeof server.admin === 'object' ? server.admin.listen : server.admin
  const admin =
    adminText === 'off' ? null : checkAddress(context, adminPath, adminText ?? DEFAULT_ADMIN)
  if (listen && admin && isSameAddress(listen, admin))
    context.report(
      errorAt(
        server.admin === undefined ? listenPath : adminPath,
        'same-address',
        '"listen" and "admin" are the same address',
        { hint: 'give "admin" a port of its own, or turn it off: admin: off' },
      ),
    )
  for (const [index, cidr] of (server.trust ?? []).entries())
    checkCidr(context, [...path, 'trust', index], cidr)
}

function checkAddress(context: CheckContext, path: Path, text: string): NormalAddress | null {
  const address = parseAddress(text)
  if (!address)
    context.report(
      errorAt(path, 'bad-address', `"${text}" is no address to listen on`, {
        hint: addressHint(text),
      }),
    )
  const fault = address && 'socketPath' in address ? findSocketFault(address.socketPath) : null
  if (fault !== null)
    context.report(errorAt(path, 'bad-address', fault, { hint: 'write unix:/run/NAME.sock' }))
  return address
}

function addressHint(text: string): string {
  if (/^:?\d+$/.test(text)) return `write 127.0.0.1:${text.replace(':', '')}`
  const [, bare, port] = /^(.*):(\d{2,5})$/.exec(text) ?? []
  if (bare !== undefined && isIP(bare) === 6) return `write [${bare}]:${port}`
  if (isIP(text) === 6) return `write [${text}]:8080`
  if (/^[\w.-]+$/.test(text)) return `the port is missing: write ${text}:8080`
  if (text.startsWith('/')) return `write unix:${text}`
  const [, host] = /^[a-z]+:\/\/([^/]+)\/?$/i.exec(text) ?? []
  if (host !== undefined && parseAddress(host)) return `write ${host}`
  if (/:\d{5,}$/.test(text)) return 'a port is at most 65535'
  return 'write host:port, [ipv6]:port or unix:/path'
}

/** Checks an address or a CIDR that peers are compared with. */
export function checkCidr({ report }: CheckContext, path: Path, text: string): void {
  if (isCidr(text)) return
  const hint = text.includes('/')
    ? 'write an address and a prefix length, such as 10.0.0.0/8 or fd00::/8'
    : 'write an IP address or a CIDR, such as 10.0.0.0/8; names are not looked up'
  report(errorAt(path, 'bad-cidr', `"${text}" is no IP address and no CIDR`, { hint }))
}

function isCidr(text: string): boolean {
  if (!text.includes('/')) return isIP(text) !== 0
  return isIP(text.slice(0, text.indexOf('/'))) !== 0 && ipaddr.isValidCIDR(text)
}
