import ipaddr from 'ipaddr.js'

/** Addresses of one family from `first` to `last`. */
export interface Network {
  readonly family: 'ipv4' | 'ipv6'
  readonly first: bigint
  readonly last: bigint
}

/** Reads an address or a CIDR; throws on a bad one. */
export function parseNetwork(text: string): Network {
  const [address, bits] = text.includes('/') ? ipaddr.parseCIDR(text) : [ipaddr.process(text), null]
  const family = address.kind()
  const width = family === 'ipv4' ? 32 : 128
  const size = 1n << BigInt(width - (bits ?? width))
  const first = (numberOf(address) / size) * size
  return { family, first, last: first + size - 1n }
}

/** What an address must be in, and in none of which it may be. */
export interface AddressDemand {
  readonly wanted: readonly (readonly Network[])[]
  readonly unwanted: readonly (readonly Network[])[]
}

const ORDINARY = ['127.0.0.1', '192.0.2.1', '10.0.0.1', '2001:db8::1'].map(parseNetwork)

/** Finds an address that meets a demand; empty where only a client without one does, as on a Unix socket; null: there is none. */
export function findAddress({ wanted, unwanted }: AddressDemand): string | null {
  const isIn = (point: Network, networks: readonly Network[]): boolean =>
    networks.some(
      ({ family, first, last }) =>
        family === point.family && first <= point.first && point.first <= last,
    )
  // Where any address fits, the first one of a network, or the one behind a network, does.
  const edges = [...wanted, ...unwanted].flat().flatMap(({ family, first, last }): Network[] => [
    { family, first, last: first },
    { family, first: last + 1n, last: last + 1n },
  ])
  const points = [...ORDINARY, LOWEST_IPV4, LOWEST_IPV6, BEHIND_MAPPED, ...edges].filter(isAddress)
  const found = points.find(
    (point) =>
      wanted.every((networks) => isIn(point, networks)) &&
      !unwanted.some((networks) => isIn(point, networks)),
  )
  if (found !== undefined) return format(found)
  return wanted.length === 0 ? '' : null
}

/** IPv4 written as IPv6 (RFC 4291 §2.5.5.2) is looked at as IPv4. */
const MAPPED = parseNetwork('::ffff:0:0/96')

const BEHIND_MAPPED: Network = { family: 'ipv6', first: MAPPED.last + 1n, last: MAPPED.last + 1n }

const LOWEST_IPV4: Network = { family: 'ipv4', first: 0n, last: 0n }
const LOWEST_IPV6: Network = { family: 'ipv6', first: 0n, last: 0n }

function isAddress({ family, first }: Network): boolean {
  if (family === 'ipv4') return first < 1n << 32n
  return first < 1n << 128n && (first < MAPPED.first || first > MAPPED.last)
}

function numberOf(address: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return address.toByteArray().reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

function format({ family, first }: Network): string {
  const bytes = Array.from({ length: family === 'ipv4' ? 4 : 16 }, () => 0)
  let rest = first
  for (let at = bytes.length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 255n)
    rest >>= 8n
  }
  return ipaddr.fromByteArray(bytes).toString()
}
