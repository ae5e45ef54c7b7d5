import { fieldPairs } from '../fields/field-pairs.ts'
import type { RawHeaders } from '../fields/raw-headers.ts'

/** A request as its target and Host say it, whichever form the target came in. */
export interface OriginForm {
  readonly target: string
  readonly headers: RawHeaders
}

const ABSOLUTE = /^https?:\/\/([^/?#@\\]+)([/?][^#]*)?$/i

/**
 * Turns an absolute-form target into origin form; its authority then takes the Host field's place
 * (RFC 9112 §3.2.2). null: it is neither form, or names a user.
 */
export function toOriginForm(target: string, headers: RawHeaders): OriginForm | null {
  if (target.startsWith('/')) return { target, headers }
  const match = ABSOLUTE.exec(target)
  if (match === null) return null
  const [, authority = '', rest = ''] = match
  const path = rest.startsWith('/') ? rest : `/${rest}`
  return { target: path, headers: replaceHost(headers, authority) }
}

function replaceHost(headers: RawHeaders, authority: string): RawHeaders {
  const others = fieldPairs(headers).filter(([name]) => name.toLowerCase() !== 'host')
  return ['Host', authority, ...others.flat()]
}
