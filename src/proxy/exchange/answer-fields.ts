import { findFieldValue } from '../../http/fields/field-value.ts'

/** The id of a request on its response too, unless the upstream has given it one of its own. */
export function withRequestId(fields: string[], id: string): string[] {
  if (findFieldValue(fields, 'x-request-id') === null) fields.push('x-request-id', id)
  return fields
}

/** The subprotocol on the answer to a handshake whose upstream was offered none. */
export function withSubprotocol(fields: string[], subprotocol: string | null): string[] {
  const isTold = subprotocol === null || findFieldValue(fields, 'sec-websocket-protocol') !== null
  return isTold ? fields : [...fields, 'Sec-WebSocket-Protocol', subprotocol]
}

/** Whether a response is a stream of server-sent events. */
export function isEventStream(fields: readonly string[]): boolean {
  return findFieldValue(fields, 'content-type')?.startsWith('text/event-stream') ?? false
}
