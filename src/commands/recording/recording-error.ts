import { formatAddress } from '../../app/errors.ts'
import type { NormalAddress } from '../../config/shapes/normal-config.ts'

/** The admin interface of a running Keyway can't be asked; the message says why, and what helps. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/** Why nothing could be sent there, or came back. */
export function unreachable(address: NormalAddress, error: NodeJS.ErrnoException): RecordingError {
  const where = formatAddress(address)
  const code = error.code ?? 'unknown'
  const reason = code.startsWith('HPE_') ? NO_HTTP : REASONS[code]
  return new RecordingError(`${where}: ${reason ?? `there is no talking to it (${code})`}`)
}

const NO_HTTP = 'what it answers is no HTTP; is it the admin interface?'

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there; is "keyway serve" running, and with this "server.admin"?',
  ENOENT: 'there is no such socket; is "keyway serve" running, and with this "server.admin"?',
  ENOTSOCK: 'this file is no socket',
  EACCES: 'this user may not connect there',
  EPERM: 'this user may not connect there',
  ENOTFOUND: 'the name is unknown',
  EAI_AGAIN: 'the name can not be looked up at the moment',
  EHOSTUNREACH: 'no way leads there',
  ENETUNREACH: 'no way leads there',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'it closes the connection without an answer; is it the admin interface?',
}

/** Why it does not tell what is asked for. */
export function unhelpful(
  address: NormalAddress,
  { status, isProxy, hasToken }: Refusal,
): RecordingError {
  const where = formatAddress(address)
  if (isProxy)
    return new RecordingError(
      `${where} is where requests are served; the admin interface has an address of its own ("server.admin")`,
    )
  if (status === 401 || status === 403)
    return new RecordingError(`${where} ${hasToken ? REFUSED : UNASKED}`)
  if (status === 404)
    return new RecordingError(`${where} tells no events; is it Keyway's, and as new?`)
  return new RecordingError(`${where} answers with status ${status}; is it the admin interface?`)
}

const REFUSED = 'refuses the token; --token-file names another'
const UNASKED =
  'asks for a token: that of "server.admin" in the file that it serves; --token-file names it'

/** An answer that is none. */
export interface Refusal {
  readonly status: number
  /** It was the proxy that answered. */
  readonly isProxy: boolean
  readonly hasToken: boolean
}
