import { expect, test, vi } from 'vitest'
import type { CallHandler, Lane, OutgoingRequest } from '../../../src/proxy/upstream/call.ts'
import { Http2Lane } from '../../../src/proxy/upstream/http2/http2-lane.ts'

const REQUEST = {} as OutgoingRequest
const HANDLER = {} as CallHandler

/** A lane of an upstream of which this is known, and the connection of HTTP/1.1 that it may open. */
function open(isHttp1: boolean) {
  const http1 = { isClosed: false, hasUnsent: false, send: vi.fn(), close: vi.fn() }
  const openHttp1 = vi.fn(() => http1 as unknown as Lane)
  const sessions = { isHttp1, send: vi.fn() }
  return { lane: new Http2Lane(sessions as never, openHttp1), http1, openHttp1, sessions }
}

test('an upstream with HTTP/2 is asked by it, and by HTTP/1.1 once it is found to have none', () => {
  const { lane, http1, openHttp1, sessions } = open(false)
  lane.send(REQUEST, HANDLER)
  expect([openHttp1.mock.calls.length, http1.send.mock.calls]).toEqual([0, []])
  const [request, handler, onHttp1] = sessions.send.mock.calls[0] as [object, object, () => void]
  expect([request, handler]).toEqual([REQUEST, HANDLER])
  onHttp1()
  expect(http1.send.mock.calls).toEqual([[REQUEST, HANDLER]])
})

test('one that is known to have none is asked by one connection of HTTP/1.1, and for no other', () => {
  const { lane, http1, openHttp1, sessions } = open(true)
  lane.send(REQUEST, HANDLER)
  lane.send(REQUEST, HANDLER)
  expect(sessions.send).not.toHaveBeenCalled()
  expect([openHttp1.mock.calls.length, http1.send.mock.calls.length]).toEqual([1, 2])
})

test('it is closed with its connection, and has what that has', () => {
  const { lane, http1 } = open(true)
  expect([lane.isClosed, lane.hasUnsent]).toEqual([false, false])
  lane.send(REQUEST, HANDLER)
  http1.hasUnsent = true
  expect([lane.isClosed, lane.hasUnsent]).toEqual([false, true])
  http1.isClosed = true
  expect(lane.isClosed).toBe(true)
})

test('closed it takes its connection along', () => {
  const { lane, http1 } = open(true)
  lane.send(REQUEST, HANDLER)
  lane.close()
  expect([lane.isClosed, http1.close.mock.calls.length]).toEqual([true, 1])
  const { lane: other } = open(false)
  other.close()
  expect(other.isClosed).toBe(true)
})
