import { expect, test, vi } from 'vitest'
import type { ResponseMessage } from '../../../src/http/message/message.ts'
import { ClientResponse } from '../../../src/proxy/client/client-response.ts'
import { stopClock } from '../../support/stopped-clock.ts'

const CHUNK = Buffer.from('x')

/** A response whose client reads nothing until it is told to. */
function stuck() {
  let drain = (): void => undefined
  const response = {
    headersSent: false,
    writeHead: () => undefined,
    write: () => false,
    end: () => undefined,
    on: (_event: string, listener: () => void) => {
      drain = listener
    },
  }
  return { response: response as unknown as ResponseMessage, drain: () => drain() }
}

function begin() {
  const feeder = {
    onDrained: vi.fn<() => void>(),
    onStalled: vi.fn<() => void>(),
    onLasting: vi.fn<() => void>(),
  }
  const { response, drain } = stuck()
  const client = new ClientResponse(response, feeder, 1_000)
  client.begin(200, 'OK', [])
  client.flush()
  return { client, feeder, drain }
}

test('a client that read after several pieces had to wait is not taken for one that stopped', async () => {
  const clock = stopClock()
  const { client, feeder, drain } = begin()
  // One read from a TLS upstream brings several pieces, whatever the first is answered.
  expect([client.write(CHUNK), client.write(CHUNK), client.write(CHUNK)]).toEqual([
    false,
    false,
    false,
  ])
  drain()
  await clock.pass(5_000)
  expect(feeder.onDrained).toHaveBeenCalledTimes(1)
  expect(feeder.onStalled).not.toHaveBeenCalled()
})

test('a client that reads nothing for as long as a stream may be quiet is told of, once', async () => {
  const clock = stopClock()
  const { client, feeder } = begin()
  client.write(CHUNK)
  await clock.pass(600)
  client.write(CHUNK)
  await clock.pass(500)
  expect(feeder.onStalled).toHaveBeenCalledTimes(1)
  await clock.pass(5_000)
  expect(feeder.onStalled).toHaveBeenCalledTimes(1)
})

test('nobody hears of a response that is over', async () => {
  const clock = stopClock()
  const { client, feeder } = begin()
  client.write(CHUNK)
  client.write(CHUNK)
  client.end()
  await clock.pass(5_000)
  expect(feeder.onStalled).not.toHaveBeenCalled()
})

test('whoever feeds a response is told that it lasts once its head has left, and not of one that ended with it', () => {
  const { feeder } = begin()
  expect(feeder.onLasting).toHaveBeenCalledTimes(1)

  const short = { onDrained: vi.fn(), onStalled: vi.fn(), onLasting: vi.fn<() => void>() }
  const client = new ClientResponse(stuck().response, short, 1_000)
  client.begin(200, 'OK', [])
  client.end()
  client.flush()
  expect(short.onLasting).not.toHaveBeenCalled()
})
