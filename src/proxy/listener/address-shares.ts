import type { ServerLimits } from '../../config/shapes/normal-config.ts'
import type { SnapshotStore } from '../../routing/snapshot.ts'
import { type AddressShare, createAddressShare, isLoopbackIp } from '../client/address-share.ts'

/** What one client address may hold of the listener. */
export interface AddressShares {
  readonly connections: AddressShare
  readonly requests: AddressShare
}

/** Leaves some for others, and no balancer has so many connections by itself. */
const DEFAULT_PART = 0.9

/**
 * Creates the shares that limits name. A trusted peer's connections are those of others. Unless the
 * file says a number, loopback is one application with all its requests, and free.
 */
export function createAddressShares(limits: ServerLimits, store: SnapshotStore): AddressShares {
  const { connections, connectionsPerAddress, requestsPerAddress } = limits
  const isTrusted = (address: string): boolean => store.current.table.isTrusted(address)
  return {
    connections: createAddressShare({
      limit: connectionsPerAddress ?? Math.ceil(connections * DEFAULT_PART),
      isFree: (address) => isSpared(connectionsPerAddress, address) || isTrusted(address),
    }),
    requests: createAddressShare({
      limit: requestsPerAddress ?? connections,
      isFree: (address) => isSpared(requestsPerAddress, address),
    }),
  }
}

function isSpared(limit: number | null, address: string): boolean {
  return limit === null && isLoopbackIp(address)
}
