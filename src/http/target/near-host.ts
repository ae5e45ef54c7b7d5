import ipaddr from 'ipaddr.js'

const NEAR_RANGES: ReadonlySet<string> = new Set([
  'loopback',
  'private',
  'uniqueLocal',
  'linkLocal',
  'unspecified',
  'carrierGradeNat',
])

/** Whether a URL's host is this machine or one of the same network, as far as its name tells. */
export function isNearHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(bare)) return NEAR_RANGES.has(ipaddr.process(bare).range())
  return !bare.includes('.') || /\.(?:localhost|local|internal)$/i.test(bare)
}
