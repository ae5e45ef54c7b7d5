import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** Compiles addresses and CIDRs into a test of whether an IP address is among them. Throws on a bad one. */
export function compileAddressList(list: readonly string[]): (address: string) => boolean {
  const ranges = list.map(parseRange)
  if (ranges.length === 0) return () => false
  return (address) => {
    // Not ipaddr's own test: it takes one number, and octal parts, for IPv4.
    if (isIP(address) === 0) return false
    const ip = ipaddr.process(address)
    return ranges.some(([range, bits]) => range.kind() === ip.kind() && ip.match(range, bits))
  }
}

function parseRange(text: string): Range {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const ip = ipaddr.process(text)
  return [ip, ip.kind() === 'ipv4' ? 32 : 128]
}
