import { lowerName } from '../../../http/fields/header-names.ts'
import { type CookieFrame, rewriteCookie } from '../../../http/fields/rewrite-cookie.ts'
import {
  beginnings,
  createPathMap,
  createUrlMap,
  type MapUrl,
  type PathPair,
  withoutDefaultPort,
} from '../../../http/target/client-urls.ts'
import type { RequestContext } from '../../rules/request-context.ts'
import type { Action } from '../../rules/route.ts'
import type { TableUpstream } from '../../table-upstream.ts'

/** Which URLs of a response become the client's. */
export interface UrlRewrite {
  /** `redirects`: a redirect's Location alone. */
  readonly mode: 'redirects' | 'rewrite' | 'keep'
  /** Further fields that hold one, in lower case. */
  readonly names: readonly string[]
}

const REDIRECTS_ALONE: UrlRewrite = { mode: 'redirects', names: [] }

/** What the actions together say; the last one counts. */
export function chooseUrlRewrite(actions: readonly Action[]): UrlRewrite {
  if (actions.every(saysNothing)) return REDIRECTS_ALONE
  const mode = actions.findLast(({ urlMode }) => urlMode !== null)?.urlMode ?? 'redirects'
  return { mode, names: actions.flatMap(({ urlNames }) => urlNames) }
}

function saysNothing({ urlMode, urlNames }: Action): boolean {
  return urlMode === null && urlNames.length === 0
}

/** What is known of the request whose response is looked at. */
export interface Asked {
  readonly context: RequestContext
  readonly upstream: TableUpstream
  readonly paths: PathPair
  /** The Host that left, where it is not the upstream's. */
  readonly host: string | null
}

/** Whether a response with this status may hold a URL that becomes the client's. */
export function mayHoldUrls({ mode, names }: UrlRewrite, status: number): boolean {
  return mode === 'rewrite' || names.length > 0 || (mode === 'redirects' && isRedirect(status))
}

/** Writes the client's URLs in place of the upstream's own, in place. */
export function rewriteUrls(
  fields: string[],
  status: number,
  { mode, names }: UrlRewrite,
  asked: Asked,
): void {
  const authorities = authoritiesOf(asked)
  const map = createUrlMap({ ...asked, authorities, clientOrigin: originOf(asked.context) })
  const isWhole = mode === 'rewrite'
  // Hot, and written in place: a loop by hand.
  for (let i = 0; i < fields.length; i += 2) {
    const name = lowerName(fields[i] as string)
    const value = fields[i + 1] as string
    if (isUrlField(name, status, mode) || names.includes(name)) fields[i + 1] = map(value) ?? value
    else if (isWhole && name === 'link') fields[i + 1] = rewriteLinks(value, map)
    else if (isWhole && name === 'set-cookie')
      fields[i + 1] = rewriteCookie(value, cookieFrame(asked, authorities))
  }
}

function isUrlField(name: string, status: number, mode: UrlRewrite['mode']): boolean {
  if (name === 'location') return mode === 'rewrite' || (mode === 'redirects' && isRedirect(status))
  return name === 'content-location' && mode === 'rewrite'
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400
}

/** RFC 8288 §3: each target stands in angle brackets. */
function rewriteLinks(value: string, map: MapUrl): string {
  return value.replaceAll(/<([^<>]*)>/g, (whole, url) => {
    const mapped = map(url)
    return mapped === null ? whole : `<${mapped}>`
  })
}

function authoritiesOf({ upstream, host }: Asked): ReadonlyMap<string, string> {
  const own = upstream.targets.map(({ origin, basePath }): [string, string] => {
    const [scheme = '', authority = ''] = origin.split('://')
    return [withoutDefaultPort(authority, scheme), basePath]
  })
  const named: [string, string][] =
    host === null ? [] : [[withoutDefaultPort(host, ''), upstream.basePath]]
  return new Map([...named, ...own])
}

const AUTHORITY = /^[A-Za-z0-9._~[\]:-]+$/

/** Where the client asked, as far as it, or a trusted peer before it, says so. */
function originOf(context: RequestContext): string | null {
  const told = (name: string): string | undefined =>
    context.isPeerTrusted ? context.header(name)?.split(',', 1)[0]?.trim() : undefined
  const host = told('x-forwarded-host') ?? context.header('host')
  const scheme = told('x-forwarded-proto') ?? context.request.protocol
  if (host === undefined || !AUTHORITY.test(host) || !/^https?$/.test(scheme)) return null
  return `${scheme}://${host}`
}

function cookieFrame({ paths }: Asked, authorities: ReadonlyMap<string, string>): CookieFrame {
  const { client, upstream } = beginnings(paths)
  const mapPath = createPathMap(paths)
  const domains = new Set(
    [...authorities.keys()].map((authority) => authority.replace(/:\d+$/, '')),
  )
  const mapBelow = (path: string, base: string): string | null => {
    const whole = base + (upstream ?? '')
    // A path above everything that can be asked for here holds for all of it.
    if (path === '/' || whole === path || whole.startsWith(path.replace(/\/?$/, '/')))
      return client || '/'
    return path.startsWith(`${base}/`) ? mapPath(path.slice(base.length)) : null
  }
  return {
    isOwnDomain: (domain) => domains.has(domain),
    mapPath: (path) => {
      for (const base of authorities.values()) {
        const mapped = mapBelow(path, base)
        if (mapped !== null) return mapped
      }
      return path
    },
  }
}
