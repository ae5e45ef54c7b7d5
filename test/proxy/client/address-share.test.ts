import { expect, test } from 'vitest'
import { createAddressShare } from '../../../src/proxy/client/address-share.ts'

const cases: readonly {
  readonly name: string
  readonly addresses: readonly string[]
  readonly taken: readonly boolean[]
}[] = [
  {
    name: 'one address has so many and no more',
    addresses: ['203.0.113.1', '203.0.113.1', '203.0.113.1'],
    taken: [true, true, false],
  },
  {
    name: 'others have their own',
    addresses: ['203.0.113.1', '203.0.113.1', '203.0.113.2', '203.0.113.2'],
    taken: [true, true, true, true],
  },
  {
    name: 'the addresses of one IPv6 network are one',
    addresses: ['2001:db8:0:1::1', '2001:db8:0:1::2', '2001:0db8::1:0:0:0:3', '2001:db8:0:2::1'],
    taken: [true, true, false, true],
  },
  {
    name: 'a zone is no other network',
    addresses: ['fe80::1%eth0', 'fe80::2%eth1', 'fe80::3'],
    taken: [true, true, false],
  },
  {
    name: 'what is free is not counted, nor what has no address',
    addresses: ['10.0.0.1', '10.0.0.1', '10.0.0.1', '', '', ''],
    taken: [true, true, true, true, true, true],
  },
]

test.each(cases)('$name', ({ addresses, taken }) => {
  const share = createAddressShare({ limit: 2, isFree: (address) => address === '10.0.0.1' })
  expect(addresses.map((address) => share.take(address) !== null)).toEqual(taken)
})

test('what is given back can be taken again', () => {
  const share = createAddressShare({ limit: 1, isFree: () => false })
  const giveBack = share.take('203.0.113.1')
  expect(share.take('203.0.113.1')).toBe(null)
  giveBack?.()
  expect(share.take('203.0.113.1')).not.toBe(null)
})
