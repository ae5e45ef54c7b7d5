/** What can be wrong with a request as it is read. */
export type RequestFaultCode =
  | 'bad_message'
  | 'tls_unexpected'
  | 'headers_too_large'
  | 'bad_body'
  | 'chunk_extensions_too_large'

/** Thrown for a request that can't be told apart for sure: nothing behind it may be served. */
export class RequestFault extends Error {
  override readonly name = 'RequestFault'
  readonly code: RequestFaultCode

  constructor(code: RequestFaultCode) {
    super('the request can not be read')
    this.code = code
  }
}
