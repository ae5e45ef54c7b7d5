import { expect, test, vi } from 'vitest'
import type { RequestBody } from '../../../src/proxy/client/request-body.ts'
import {
  bytesWorthKeeping,
  OutgoingBody,
} from '../../../src/proxy/exchange/delivery/outgoing-body.ts'
import type { Forward } from '../../../src/routing/decide/decision.ts'

test.each([
  { method: 'GET', on: [], fallbacks: 0, bytes: 9 },
  { method: 'HEAD', on: [], fallbacks: 0, bytes: 9 },
  { method: 'OPTIONS', on: [], fallbacks: 0, bytes: 9 },
  { method: 'PUT', on: [], fallbacks: 0, bytes: 9 },
  { method: 'DELETE', on: [], fallbacks: 0, bytes: 9 },
  { method: 'POST', on: [], fallbacks: 0, bytes: 0 },
  { method: 'PATCH', on: ['connect'], fallbacks: 0, bytes: 0 },
  { method: 'POST', on: ['connect', 503], fallbacks: 0, bytes: 9 },
  { method: 'POST', on: ['reset'], fallbacks: 0, bytes: 9 },
  { method: 'POST', on: [], fallbacks: 1, bytes: 9 },
])('of $method with retries on $on and $fallbacks fallbacks $bytes bytes are kept', (row) => {
  const { method, on, fallbacks, bytes } = row
  const forward = { retry: { on, bufferBytes: 9 }, fallbacks: Array(fallbacks).fill({}) }
  expect(bytesWorthKeeping(forward as unknown as Forward, method)).toBe(bytes)
})

test('no body can be sent again, and one that was read whole if it is not too long', () => {
  expect(new OutgoingBody(null, null).isReplayable(0)).toBe(true)
  const whole = new OutgoingBody(Buffer.alloc(9), null)
  expect([whole.isReplayable(9), whole.isReplayable(8), whole.isStreamed]).toEqual([
    true,
    false,
    false,
  ])
  whole.rewind()
})

test('a streamed one can as long as all of it was kept', () => {
  const source = { isKept: true, rewind: vi.fn() }
  const body = new OutgoingBody({} as never, source as unknown as RequestBody)
  expect([body.isStreamed, body.isReplayable(0)]).toEqual([true, true])
  source.isKept = false
  expect(body.isReplayable(99)).toBe(false)
  body.rewind()
  expect(source.rewind).toHaveBeenCalledTimes(1)
})
