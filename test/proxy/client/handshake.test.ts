import { expect, test } from 'vitest'
import { asksForWebSocket } from '../../../src/proxy/client/handshake.ts'

test.each([
  { method: 'GET', headers: { upgrade: 'websocket' }, asks: true },
  { method: 'GET', headers: { upgrade: ' WebSocket ' }, asks: true },
  { method: 'GET', headers: { upgrade: 'h2c' }, asks: false },
  { method: 'GET', headers: { upgrade: 'h2c, websocket' }, asks: false },
  { method: 'GET', headers: {}, asks: false },
  { method: 'POST', headers: { upgrade: 'websocket' }, asks: false },
])('$method with $headers asks for a WebSocket: $asks', ({ method, headers, asks }) => {
  expect(asksForWebSocket({ method, headers } as never)).toBe(asks)
})
