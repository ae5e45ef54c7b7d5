import { expect, test, vi } from 'vitest'
import { RequestReader } from '../../../src/http/message/request-reader.ts'
import { Intake } from '../../../src/proxy/listener/http1/intake.ts'

test('empty lines do not begin the time for a head anew', () => {
  const onBegin = vi.fn<() => void>()
  const reader = new RequestReader({ onHead() {}, onBody() {}, onEnd() {} }, 1024)
  const intake = new Intake({ isReady: () => true, onBegin, onFault() {} }, reader)
  for (const bytes of ['\r\n', '\r', '\n', '\r\n\r\n', 'GET / HTTP/1.1\r\n', 'Host: a\r\n\r\n'])
    intake.take(Buffer.from(bytes))
  expect(onBegin).toHaveBeenCalledTimes(1)
  intake.take(Buffer.from('\r\n'))
  expect(onBegin).toHaveBeenCalledTimes(2)
})
