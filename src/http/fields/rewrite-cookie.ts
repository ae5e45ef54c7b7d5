/** What becomes of a cookie's Path and Domain. */
export interface CookieFrame {
  readonly mapPath: (path: string) => string
  /** Whether a domain is the upstream's own, which no client could send the cookie back to. */
  readonly isOwnDomain: (domain: string) => boolean
}

/** A Set-Cookie with its Path as the client knows it, and without a Domain that is the upstream's own. */
export function rewriteCookie(cookie: string, { mapPath, isOwnDomain }: CookieFrame): string {
  const [pair = '', ...attributes] = cookie.split(';')
  const kept = attributes.flatMap((attribute) => {
    const [, name = '', value = ''] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(attribute) ?? []
    if (/^path$/i.test(name) && value.startsWith('/')) return [` ${name}=${mapPath(value)}`]
    const isDropped = /^domain$/i.test(name) && isOwnDomain(value.replace(/^\./, '').toLowerCase())
    return isDropped ? [] : [attribute]
  })
  return [pair, ...kept].join(';')
}
