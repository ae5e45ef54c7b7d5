import { expect, test } from 'vitest'
import type { Logger } from '../../../src/observability/logger.ts'
import { createUnreadTeller } from '../../../src/proxy/exchange/unread-teller.ts'
import { stopClock } from '../../support/stopped-clock.ts'

/** Creates it over a log that is written down. */
function create() {
  const lines: unknown[] = []
  const line =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push({ level, ...fields, message })
  const log = { info: line('info'), warn: line('warn') } as unknown as Logger
  return { lines, teller: createUnreadTeller(log) }
}

test('ten lines a second, and how many were left out, in all of its kinds together', async () => {
  const clock = stopClock()
  const { lines, teller } = create()
  for (let count = 0; count < 5; count += 1) {
    teller.refused('192.0.2.1', 'bad_message')
    teller.noHandshake('192.0.2.1', 'ERR_SSL_HTTP_REQUEST')
    teller.noFrames('192.0.2.1', 'ERR_HTTP2_ERROR')
  }
  expect(lines).toHaveLength(10)
  await clock.pass(1_000)
  expect(lines.slice(10)).toEqual([
    {
      level: 'warn',
      lines: 5,
      message: 'lines about clients that could not be read were left out',
    },
  ])
  teller.refused('192.0.2.1', 'bad_message')
  expect(lines).toHaveLength(12)
})

test('what became of bytes that are no handshake and no frames is told by its code', () => {
  stopClock()
  const { lines, teller } = create()
  teller.noHandshake('192.0.2.1', 'ERR_SSL_HTTP_REQUEST')
  teller.noFrames('192.0.2.1', 'ERR_HTTP2_ERROR')
  const common = { level: 'info', address: '192.0.2.1' }
  expect(lines).toEqual([
    { ...common, code: 'ERR_SSL_HTTP_REQUEST', message: 'no TLS handshake' },
    { ...common, code: 'ERR_HTTP2_ERROR', message: 'no HTTP/2' },
  ])
})

test('behind a unix socket nobody has an address', () => {
  stopClock()
  const { lines, teller } = create()
  teller.refused('', 'headers_timeout')
  expect(lines).toEqual([
    {
      level: 'info',
      address: null,
      code: 'headers_timeout',
      reason: 'The header fields did not come in time.',
      message: 'no request',
    },
  ])
})
