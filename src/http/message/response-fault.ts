/** What can be wrong with a response, as the log says it. */
export type ResponseFaultCode =
  | 'RESPONSE_STATUS_LINE'
  | 'RESPONSE_FIELD'
  | 'RESPONSE_FRAMING'
  | 'RESPONSE_CHUNK'
  | 'RESPONSE_TRAILER'
  | 'RESPONSE_HEAD_TOO_LONG'
  | 'RESPONSE_INTERIM_FLOOD'
  | 'RESPONSE_SWITCHED'
  | 'RESPONSE_CUT'

/** Thrown for a response that can't be told apart for sure; what came of it is all that may be passed on. */
export class ResponseFault extends Error {
  override readonly name = 'ResponseFault'
  readonly code: ResponseFaultCode

  constructor(code: ResponseFaultCode) {
    super('the response can not be read')
    this.code = code
  }
}
