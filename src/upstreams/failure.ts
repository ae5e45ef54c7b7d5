import type { FailureName } from '../config/shapes/normal-upstream.ts'

/** What became of an attempt that failed before its response went to the client. */
export type Failure =
  /** No byte of the request was sent: no address, no connection, no TLS, no free place. */
  | { readonly type: 'connect' }
  /** The connection broke, or what came is no HTTP. */
  | { readonly type: 'reset' }
  /** No response headers in time. */
  | { readonly type: 'timeout' }
  | { readonly type: 'status'; readonly status: number }

/** How far an attempt had come: whether there was a connection for it. */
export type Stage = 'connecting' | 'exchanging'

/** Code of what can't be sent to any upstream. */
const UNSENDABLE = 'UNSENDABLE'

/** Says what an error of the network means for the request; null: the request itself is at fault. */
export function classifyError(code: string, stage: Stage): Failure | null {
  if (code === UNSENDABLE) return null
  if (stage === 'connecting') return { type: 'connect' }
  return { type: code === 'UPSTREAM_HEADERS_TIMEOUT' ? 'timeout' : 'reset' }
}

/** Whether a failure is one of those that the file names. */
export function isAmong(failure: Failure, names: readonly FailureName[]): boolean {
  if (failure.type !== 'status') return names.includes(failure.type)
  const { status } = failure
  return names.includes(status) || (status >= 500 && names.includes('5xx'))
}

/** Whether a status says that the target itself is in trouble, whatever was asked. */
export function isGatewayFailure(status: number): boolean {
  return status === 502 || status === 503 || status === 504
}
