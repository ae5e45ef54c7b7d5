/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Finds the proxy that an environment names for a URL, as curl does: HTTPS_PROXY or HTTP_PROXY
 * (lower case first), else ALL_PROXY, unless NO_PROXY names the host; null: none.
 */
export function findEnvironmentProxy(env: Environment, url: string): string | null {
  const { protocol, hostname, port } = new URL(url)
  const read = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? ''
  const named = read(protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY') || read('ALL_PROXY')
  if (named === '') return null
  const isExempt = read('NO_PROXY')
    .split(/[\s,]+/)
    .some(
      (entry) =>
        entry !== '' &&
        matchesEntry(entry.toLowerCase(), hostname, port || (protocol === 'https:' ? '443' : '80')),
    )
  if (isExempt) return null
  return named.includes('://') ? named : `http://${named}`
}

/** `*`, a host, a domain with all below it (with or without a dot or star ahead), each with an optional port. */
function matchesEntry(entry: string, hostname: string, port: string): boolean {
  if (entry === '*') return true
  const [, host = '', wantedPort] = /^(\[[^\]]+\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [null, entry]
  if (wantedPort !== undefined && wantedPort !== port) return false
  const domain = host.replace(/^\*?\./, '')
  return domain !== '' && (hostname === domain || hostname.endsWith(`.${domain}`))
}
