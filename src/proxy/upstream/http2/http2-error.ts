/** What goes wrong with one request on a connection that others may share. */
export class Http2Error extends Error {
  override readonly name = 'Http2Error'
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}
