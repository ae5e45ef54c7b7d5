import type { Socket } from 'node:net'
import { type Connection, openConnection, type Transport } from '../fuzz/connection.ts'
import { valuesOf } from '../fuzz/parse-message.ts'
import { type ConnectionState, type ParsedResponse, parseResponse } from '../fuzz/parse-response.ts'
import { bodyOf } from './faulty-upstream.ts'
import type { Outcome } from './upstream-faults.ts'

/** No client waits longer. */
const HANG_MS = 60_000

/** Where Keyway listens. */
export interface Listener {
  readonly port: number
  readonly transport: Transport
}

let opened = 0

/** Opens a connection to Keyway, which ends when Keyway ends its side. */
export function connectClient({ port, transport }: Listener): Connection {
  const connection = openConnection(port, transport, opened++)
  const { socket } = connection
  socket.on('error', () => {})
  socket.on('end', () => socket.end())
  return connection
}

/** A request's bytes. */
export function printRequest(path: string, bodyBytes: number): string {
  if (bodyBytes === 0) return `GET ${path} HTTP/1.1\r\nHost: keyway.test\r\n\r\n`
  const head = `POST ${path} HTTP/1.1\r\nHost: keyway.test\r\nContent-Length: ${bodyBytes}\r\n\r\n`
  return head + 'b'.repeat(bodyBytes)
}

/** Waits for the end of what a request became. */
export function readOutcome(socket: Socket, id: string): Promise<Outcome | string> {
  return new Promise((resolve) => {
    let received = ''
    const settle = (outcome: Outcome | string): void => {
      clearTimeout(timer)
      for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener)
      resolve(outcome)
    }
    const look = (state: ConnectionState): void => {
      const outcome = readFinal(received, state)
      if (outcome !== null) settle(typeof outcome === 'string' ? outcome : judge(outcome, id))
      else if (state !== 'open') settle('broken')
    }
    const listeners = {
      data: (chunk: Buffer) => {
        received += chunk.toString('latin1')
        look('open')
      },
      end: () => look('ended'),
      error: () => look('reset'),
      close: () => look('reset'),
    }
    for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener)
    const timer = setTimeout(() => settle('hangs'), HANG_MS)
    if (socket.destroyed) settle('broken')
  })
}

function readFinal(received: string, state: ConnectionState): ParsedResponse | string | null {
  for (let at = 0; ; ) {
    const outcome = parseResponse(received, at, 'GET', state)
    if (outcome.state === 'incomplete') return null
    if (outcome.state === 'bad') return state === 'reset' ? 'broken' : `malformed: ${received}`
    if (outcome.message.status >= 200)
      return outcome.message.end === received.length ? outcome.message : `too much: ${received}`
    at = outcome.message.end
  }
}

function judge({ status, fields, body }: ParsedResponse, id: string): Outcome | string {
  if (valuesOf(fields, 'x-keyway-error').length > 0) return status
  return status === 200 && body === bodyOf(id) ? 'answer' : `wrong: ${status} ${body}`
}
