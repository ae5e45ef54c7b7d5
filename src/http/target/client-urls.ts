/** Where an upstream's paths begin, and where the same begin for its clients. */
export interface PathPair {
  /** The path that the client asked for. */
  readonly client: string
  /** The path that left for it, without the upstream's base path. */
  readonly upstream: string
}

/** What is known of a request whose response may name URLs of the upstream. */
export interface UrlFrame {
  readonly paths: PathPair
  /** Authorities that are the upstream's own, in lower case and without a default port, with their base paths. */
  readonly authorities: ReadonlyMap<string, string>
  /** Such as `https://keyway.example`; null: it is not known. */
  readonly clientOrigin: string | null
}

/** Gives the client's URL for one of the upstream's; null: it is not the upstream's, or can't be asked for here. */
export type MapUrl = (url: string) => string | null

const ABSOLUTE = /^(?:(https?):)?\/\/([^/?#\\@]+)([^\\]*)$/i

/** Creates the map of one request. */
export function createUrlMap({ paths, authorities, clientOrigin }: UrlFrame): MapUrl {
  const mapPath = createPathMap(paths)
  const bases = new Set(authorities.values())
  return (url) => {
    const [, scheme = '', authority, rest = ''] = ABSOLUTE.exec(url) ?? []
    if (authority === undefined) {
      const path = url.startsWith('/') ? mapWithin(bases, url, mapPath) : null
      // It would name another host: the client's own path may begin so.
      return path?.startsWith('//') ? null : path
    }
    const base = authorities.get(withoutDefaultPort(authority, scheme))
    if (base === undefined) return null
    const path = rest.startsWith('/') ? rest : `/${rest}`
    // What can't be asked for here still must not show where the upstream is.
    const mapped = mapWithin([base], path, mapPath) ?? path
    return clientOrigin === null && mapped.startsWith('//') ? null : (clientOrigin ?? '') + mapped
  }
}

/** An authority in lower case, without the port that its scheme has anyway. */
export function withoutDefaultPort(authority: string, scheme: string): string {
  const lower = authority.toLowerCase()
  const port = { http: /:80$/, https: /:443$/ }[scheme.toLowerCase()] ?? /:(?:80|443)$/
  return lower.replace(port, '')
}

/** A path and what follows it, below one of the base paths; null where it is below none, or not the client's to ask for. */
function mapWithin(
  bases: Iterable<string>,
  reference: string,
  mapPath: (path: string) => string | null,
): string | null {
  const end = reference.search(/[?#]/)
  const path = end < 0 ? reference : reference.slice(0, end)
  for (const base of bases) {
    if (path !== base && !path.startsWith(`${base}/`)) continue
    const mapped = mapPath(path.slice(base.length) || '/')
    if (mapped !== null) return mapped + reference.slice(path.length)
  }
  return null
}

/** Maps what stands below the upstream's beginning to what stands below the client's; null for anything else. */
export function createPathMap(pair: PathPair): (path: string) => string | null {
  const { client, upstream } = beginnings(pair)
  return (path) => {
    if (path === upstream) return client || '/'
    if (upstream === null) return path === pair.upstream ? pair.client : null
    return path.startsWith(`${upstream}/`) ? client + path.slice(upstream.length) : null
  }
}

/** The beginnings in which two paths differ, up to the segments at their end that are the same; upstream null: none are. */
export function beginnings({ client, upstream }: PathPair): {
  readonly client: string
  readonly upstream: string | null
} {
  let [i, j] = [client.length, upstream.length]
  while (i > 0 && j > 0 && client[i - 1] === upstream[j - 1]) {
    i -= 1
    j -= 1
  }
  const slash = client.indexOf('/', i)
  if (slash >= 0)
    return { client: client.slice(0, slash), upstream: upstream.slice(0, slash - i + j) }
  return { client, upstream: upstream === '/' ? '' : null }
}
