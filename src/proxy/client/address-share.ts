import { isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** What one address may hold of something that all share. */
export interface AddressShare {
  /** Takes one for an address, and returns what gives it back; null: it has its share. */
  readonly take: (address: string) => (() => void) | null
}

/** What createAddressShare builds from. */
export interface AddressShareOptions {
  readonly limit: number
  /** Whether nothing is counted for an address. */
  readonly isFree: (address: string) => boolean
}

const FREE = (): void => undefined

/** Counts by address; one that is not known, as behind a unix socket, is never counted. */
export function createAddressShare({ limit, isFree }: AddressShareOptions): AddressShare {
  const held = new Map<string, number>()
  return {
    take(address) {
      if (address === '' || isFree(address)) return FREE
      const key = networkOf(address)
      const count = held.get(key) ?? 0
      if (count >= limit) return null
      held.set(key, count + 1)
      return () => giveBack(held, key)
    },
  }
}

function giveBack(held: Map<string, number>, key: string): void {
  const left = (held.get(key) ?? 1) - 1
  if (left > 0) held.set(key, left)
  else held.delete(key)
}

/** Parts of 16 bits: whoever has one IPv6 address mostly has its /64. */
const NETWORK_PARTS = 4

/** What an address counts by: itself, or the network that one subscriber of IPv6 is given. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  return ipaddr.IPv6.parse(address).parts.slice(0, NETWORK_PARTS).join(':')
}

/** Whether an address is this machine's own. */
export function isLoopbackIp(address: string): boolean {
  return address.startsWith('127.') || address === '::1'
}
