import { expect, test } from 'vitest'
import { ExchangeClock } from '../../src/proxy/exchange/recording/exchange-clock.ts'
import { stopClock } from '../support/stopped-clock.ts'

test('what others took is told apart from what was added', async () => {
  const clock = stopClock()
  const exchange = new ExchangeClock()
  await clock.pass(1)
  exchange.wait()
  await clock.pass(200)
  exchange.goOn()
  await clock.pass(2)
  // An attempt that failed, a pause, and one that was answered.
  exchange.wait()
  await clock.pass(50)
  exchange.goOn()
  await clock.pass(10)
  exchange.wait()
  await clock.pass(300)
  exchange.goOn()
  await clock.pass(4)
  exchange.begin()
  await clock.pass(1_000)
  expect(exchange.read()).toEqual({
    durationMs: 1_567,
    firstByteMs: 567,
    upstreamMs: 300,
    addedMs: 17,
  })
})

test('an answer of its own has no first byte of an upstream', async () => {
  const clock = stopClock()
  const exchange = new ExchangeClock()
  exchange.wait()
  await clock.pass(30)
  exchange.goOn()
  expect(exchange.read()).toEqual({
    durationMs: 30,
    firstByteMs: null,
    upstreamMs: null,
    addedMs: null,
  })
})
