import type { AnswerCode } from '../../../answers/answers.ts'
import type { ServerLimits } from '../../../config/shapes/normal-config.ts'
import type { Handshake } from '../../client/handshake.ts'
import type { Http1InboundRequest, RequestCarrier } from './http1-inbound-request.ts'
import type { Watched } from './deadlines.ts'
import type { Http1InboundResponse } from './http1-inbound-response.ts'

/** What the connections of a listener share. */
export interface Http1Service {
  readonly limits: ServerLimits
  /** The step of the deadlines that is due in so many milliseconds; 0: none is. */
  readonly after: (ms: number) => number
  /** Whether Keyway is going down: no connection outlives its response. */
  readonly isDraining: () => boolean
  /** Answers bytes that are no request to go on with; the connection ends behind it. */
  readonly refuse: (client: Pick<RequestCarrier, 'socket' | 'peerIp'>, code: AnswerCode) => void
  readonly onRequest: (request: Http1InboundRequest, response: Http1InboundResponse) => void
  /** A request that asks for a WebSocket. */
  readonly onHandshake: (
    request: Http1InboundRequest,
    response: Http1InboundResponse,
    handshake: Handshake,
  ) => void
  /** A connection is closed; `closing` is watched no longer. */
  readonly onGone: (closing: Watched) => void
}
