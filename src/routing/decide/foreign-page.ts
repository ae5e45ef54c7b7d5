import type { RequestContext } from '../rules/request-context.ts'
import type { Route } from '../rules/route.ts'

/** Which web pages may have the operator's credentials spent. */
export interface PageSettings {
  /** Origins in lower case, or `*`. */
  readonly origins: ReadonlySet<string>
  /** Names in lower case, exact, `*.example.com` or `*`. */
  readonly hosts: readonly string[]
  /** Whether only this machine can connect: any other name for it is one that a page made up. */
  readonly isLoopback: boolean
}

/**
 * Whether a browser sent a request for a page from elsewhere: it says so by Origin or Sec-Fetch-Site
 * (Fetch Metadata), or, on loopback, the Host is no name of this machine's (DNS rebinding).
 */
export function isForeignPage(
  { origins, hosts, isLoopback }: PageSettings,
  route: Route,
  context: RequestContext,
): boolean {
  if (isLoopback && route.hosts === null && isForeignHost(context.host, hosts)) return true
  const origin = context.header('origin')?.toLowerCase()
  if (origins.has('*') || (origin !== undefined && origins.has(origin))) return false
  const site = context.header('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && !isOwn(origin, context)
}

/** Loopback's own names and addresses (RFC 6761 §6.3). */
const OWN_HOST = /^(?:|(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

function isForeignHost(host: string, listed: readonly string[]): boolean {
  if (OWN_HOST.test(host)) return false
  return !listed.some((name) => {
    if (!name.startsWith('*')) return host === name
    return name === '*' || (host.length >= name.length && host.endsWith(name.slice(1)))
  })
}

/** Whoever ends TLS before Keyway makes http of https: only the authority is compared. */
function isOwn(origin: string, context: RequestContext): boolean {
  const authority = /^https?:\/\/(.+)$/.exec(origin)?.[1]
  const host = context.isPeerTrusted ? context.header('x-forwarded-host') : undefined
  return authority === (host ?? context.header('host') ?? '').toLowerCase()
}
