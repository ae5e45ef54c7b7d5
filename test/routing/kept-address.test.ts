import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { clientIpOf } from '../../src/routing/decide/forwarded.ts'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const FIELD_BYTES = 100_000
const REQUESTS = 200

function heapBytes(): number {
  collect()
  return process.memoryUsage().heapUsed
}

function addressOf(field: string, value: string): string {
  const headers = [field, value]
  return clientIpOf(
    { method: 'GET', target: '/', headers, peerIp: '127.0.0.1', protocol: 'http', id: 'x' },
    (address) => address === '127.0.0.1',
  )
}

it.each([
  ['X-Forwarded-For', (pad: string, i: number) => `${pad}, 203.0.113.${100 + (i % 100)}`],
  [
    'Forwarded',
    (pad: string, i: number) => `for=${pad};x=y, for="203.0.113.${100 + (i % 100)}:80"`,
  ],
])(
  'an address out of %s keeps nothing else of the field for as long as it is counted',
  (field, write) => {
    const before = heapBytes()
    const kept = Array.from({ length: REQUESTS }, (_, i) =>
      addressOf(field, write(`${i}`.padEnd(FIELD_BYTES, 'x'), i)),
    )
    expect(kept[7]).toBe('203.0.113.107')
    expect(heapBytes() - before).toBeLessThan((FIELD_BYTES * REQUESTS) / 4)
    expect(kept).toHaveLength(REQUESTS)
  },
)
