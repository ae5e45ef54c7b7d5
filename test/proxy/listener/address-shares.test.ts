import { expect, test } from 'vitest'
import type { AddressShare } from '../../../src/proxy/client/address-share.ts'
import { createAddressShares } from '../../../src/proxy/listener/address-shares.ts'
import { createSnapshotStore } from '../../../src/reload/snapshot-store.ts'
import { compileText } from '../../support/compile-text.ts'

/** How many an address can take, of a hundred that it tries. */
function countTaken(share: AddressShare, address: string): number {
  return Array.from({ length: 100 }, () => share.take(address)).filter((taken) => taken).length
}

const cases: readonly {
  readonly name: string
  readonly limits: string
  readonly address: string
  readonly connections: number
  readonly requests: number
}[] = [
  {
    name: 'nine tenths of the connections, and as many requests as connections',
    limits: 'connections: 20',
    address: '203.0.113.1',
    connections: 18,
    requests: 20,
  },
  {
    name: 'all for loopback, which is one application',
    limits: 'connections: 20',
    address: '127.0.0.1',
    connections: 100,
    requests: 100,
  },
  {
    name: 'all for loopback of IPv6',
    limits: 'connections: 20',
    address: '::1',
    connections: 100,
    requests: 100,
  },
  {
    name: "all of the connections for a trusted peer, whose requests are its clients'",
    limits: 'connections: 20',
    address: '10.0.0.1',
    connections: 100,
    requests: 20,
  },
  {
    name: 'what the file says, for loopback too',
    limits: 'connectionsPerAddress: 3, requestsPerAddress: 4',
    address: '127.0.0.1',
    connections: 3,
    requests: 4,
  },
]

test.each(cases)('$name', ({ limits, address, connections, requests }) => {
  const snapshot = compileText(`
version: 1
server: { trust: [10.0.0.0/8], limits: { ${limits} } }
upstreams: { echo: builtin:echo }
routes: [{ name: all, match: { path: /* }, upstream: echo }]
`)
  const store = createSnapshotStore(snapshot)
  const shares = createAddressShares(snapshot.config.server.limits, store)
  expect(countTaken(shares.connections, address)).toBe(connections)
  expect(countTaken(shares.requests, address)).toBe(requests)
})
