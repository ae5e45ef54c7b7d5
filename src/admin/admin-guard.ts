import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../config/language/address.ts'
import type { NormalAddress } from '../config/shapes/normal-config.ts'
import { type AdminAnswer, textAnswer } from './admin-page.ts'

/** What a guard lets through. */
export interface GuardOptions {
  readonly address: NormalAddress
  /** The token that is asked for, read anew each time; null: none is. `value` is null where it can't be read. */
  readonly readToken: (() => { readonly value: string | null }) | null
}

/** Says why a request is not served; null: it is. */
export type AdminGuard = (request: IncomingMessage, path: string) => AdminAnswer | null

/** What a cluster's probes ask for: no token, whatever Host an address has there. */
const PROBES: ReadonlySet<string> = new Set(['/livez', '/healthz', '/readyz'])

/** Loopback's own names and addresses (RFC 6761 §6.3), with or without a port. */
const OWN_HOST = /^(?:(?:[^.:]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i

/**
 * Creates the guard of the admin listener. A web page reaches loopback too, by a name of its own
 * (DNS rebinding) or across origins, so both are refused; what others can reach asks for a token.
 */
export function createAdminGuard({ address, readToken }: GuardOptions): AdminGuard {
  const isLocal = isLoopback(address)
  const isByName = isLocal && !('socketPath' in address)
  return (request, path) => {
    if (PROBES.has(path)) return null
    if ((isByName && !isOwnHost(request)) || isAcrossOrigins(request))
      return textAnswer(403, 'a web page from elsewhere may not ask here')
    if (readToken === null)
      return isLocal || path === '/metrics'
        ? null
        : textAnswer(403, 'set a token to see more from elsewhere: server.admin.token')
    return isShown(request, readToken().value) ? null : asking()
  }
}

function isOwnHost({ headers: { host = '' } }: IncomingMessage): boolean {
  return host === '' || OWN_HOST.test(host)
}

function isAcrossOrigins({ headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== host
}

/** A bearer, or a password, which a browser asks its user for. */
function isShown({ headers }: IncomingMessage, token: string | null): boolean {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(headers.authorization ?? '') ?? []
  if (token === null) return false
  if (scheme.toLowerCase() === 'bearer') return isEqual(value, token)
  if (scheme.toLowerCase() !== 'basic') return false
  const pair = Buffer.from(value, 'base64').toString()
  return isEqual(pair.slice(pair.indexOf(':') + 1), token)
}

function isEqual(sent: string, token: string): boolean {
  const [a, b] = [sent, token].map((text) => createHash('sha256').update(text).digest())
  return timingSafeEqual(a as Buffer, b as Buffer)
}

function asking(): AdminAnswer {
  return textAnswer(401, 'a token is asked for: as a bearer, or as the password')
}
