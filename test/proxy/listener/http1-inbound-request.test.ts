import { expect, test } from 'vitest'
import { parseRequestHead } from '../../../src/http/message/parse-request-head.ts'
import {
  Http1InboundRequest,
  type RequestCarrier,
} from '../../../src/proxy/listener/http1/http1-inbound-request.ts'

/** A request whose connection writes down whether it is read. */
function open() {
  const reads: string[] = []
  const carrier = {
    pauseReading: () => reads.push('pause'),
    resumeReading: () => reads.push('resume'),
  }
  const head = parseRequestHead('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n')
  return { reads, request: new Http1InboundRequest(carrier as unknown as RequestCarrier, head) }
}

test('its client is listened to again with the last byte, to be heard if it leaves', () => {
  const { reads, request } = open()
  request.on('data', () => request.pause())
  request.on('end', () => undefined)
  request.push(Buffer.from('last bytes'))
  expect(reads).toEqual(['pause'])
  request.complete()
  expect(reads).toEqual(['pause', 'resume'])
  expect(request.isPaused()).toBe(false)
})

test('it is held until somebody asks for it, and read on then', () => {
  const { reads, request } = open()
  request.push(Buffer.from('early'))
  expect(reads).toEqual(['pause'])
  const taken: string[] = []
  request.on('data', (chunk) => taken.push(chunk.toString()))
  request.on('end', () => undefined)
  request.handOver()
  expect(taken).toEqual(['early'])
  expect(reads).toEqual(['pause', 'resume'])
})

test('whoever takes what came early may stop it again', () => {
  const { reads, request } = open()
  request.push(Buffer.from('early'))
  request.on('data', () => request.pause())
  request.on('end', () => undefined)
  request.handOver()
  expect(reads).toEqual(['pause', 'pause'])
  expect(request.isPaused()).toBe(true)
})

test('its fields are let go of where nobody will ask for them', () => {
  const { request } = open()
  expect(request.rawHeaders).toEqual(['Host', 'a', 'Content-Length', '9'])
  request.forgetHead()
  expect([request.rawHeaders, request.headers]).toEqual([[], {}])
})
