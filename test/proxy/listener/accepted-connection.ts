import { Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { ServerLimits } from '../../../src/config/shapes/normal-config.ts'
import type { ProxyContext } from '../../../src/proxy/exchange/proxy-context.ts'
import { acceptHttp1, type InboundHttp1 } from '../../../src/proxy/listener/http1/accept-http1.ts'
import type { Http1InboundRequest } from '../../../src/proxy/listener/http1/http1-inbound-request.ts'
import type { Http1InboundResponse } from '../../../src/proxy/listener/http1/http1-inbound-response.ts'

const LIMITS = { headersBytes: 16_384, headersTimeoutMs: 0, keepAliveMs: 0, bodyIdleMs: 0 }

/** A socket, and all that was done to it. */
export interface Recording {
  readonly socket: Socket
  readonly done: string[]
}

/** A connection, what was asked on it, and how it was refused. */
export interface Accepted extends Recording {
  readonly inbound: InboundHttp1
  readonly asked: readonly (readonly [Http1InboundRequest, Http1InboundResponse])[]
  readonly refused: readonly string[]
  readonly send: (text: string) => void
  /** Answers the last request, without a body. */
  readonly answer: () => void
}

/** A socket that takes all that is written, and writes down how it is ended. */
export function recording(): Recording {
  const socket = new Socket()
  const done: string[] = []
  Object.assign(socket, {
    write: (bytes: string | Buffer) => done.push(String(bytes)) > 0,
    end: () => void done.push('end'),
    destroySoon: () => void done.push('destroy soon'),
    destroy() {
      done.push('destroy')
      socket.emit('close')
    },
    pause: () => void done.push('pause'),
    resume: () => void done.push('resume'),
  })
  return { socket, done }
}

/** A connection of a listener whose requests a test answers. */
export function accept(limits: Partial<ServerLimits>): Accepted {
  const asked: [Http1InboundRequest, Http1InboundResponse][] = []
  const refused: string[] = []
  const context = {
    isDraining: false,
    unread: { refused: (_address: string, code: string) => void refused.push(code) },
  }
  const inbound = acceptHttp1(
    context as unknown as ProxyContext,
    { ...LIMITS, ...limits } as ServerLimits,
    (request, response) => void asked.push([request, response]),
  )
  const { socket, done } = recording()
  inbound.take(socket)
  // Its times end with it.
  onTestFinished(() => void socket.emit('close'))
  return {
    ...{ inbound, socket, done, asked, refused },
    send: (text: string) => void socket.emit('data', Buffer.from(text)),
    answer() {
      const response = asked.at(-1)?.[1]
      response?.writeHead(200, null, ['Content-Length', '0'])
      response?.end()
    },
  }
}
