import type { RequestMessage, ResponseMessage } from '../../http/message/message.ts'
import type { Permit } from '../../routing/admission.ts'
import type { ClientConnection } from '../client/connections.ts'
import type { Handshake } from '../client/handshake.ts'
import type { ProxyContext } from './proxy-context.ts'
import type { Recording } from './recording/recording.ts'
import type { RequestTrace } from './trace/request-trace.ts'

/** A request whose real target was kept while Fastify was shown a constant one. */
export interface ProxiedMessage extends RequestMessage {
  readonly originalUrl?: string
}

/** What a message asks for, as it came. */
export function targetOf({
  context: { mount },
  request,
}: Pick<Incoming, 'context' | 'request'>): string {
  // Another server that rewrites URLs means what it hands over.
  return (mount === null ? request.originalUrl : undefined) ?? (request.url as string)
}

/** One request and what it is answered with. */
export interface Incoming {
  readonly context: ProxyContext
  readonly connection: ClientConnection
  readonly request: ProxiedMessage
  readonly response: ResponseMessage
  readonly id: string
  /** null: an ordinary request. */
  readonly handshake: Handshake | null
  /** To be released when it is over; null: it has no limits. */
  readonly permit: Permit | null
  /** null: there is nothing to say of its trace. */
  readonly trace: RequestTrace | null
  /** null: nobody wants to hear of it. */
  readonly recording: Recording | null
}
