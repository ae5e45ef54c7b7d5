import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'
import { parseUrl } from '../http/target/parse-url.ts'

/** Ports that a URL leaves out. */
const USUAL: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/** The hosts that an upstream's requests may go to, each with its port, as URLs write them; none for those that are built in. */
export function hostsOf({ targets }: Pick<NormalUpstream, 'targets'>): readonly string[] {
  return targets.flatMap(({ url }) => {
    const { hostname = '', port = '', protocol = '' } = parseUrl(url) ?? {}
    return hostname === '' ? [] : [`${withoutDot(hostname)}:${port || (USUAL[protocol] ?? '')}`]
  })
}

/** Whether a host is the one that is named: with its port or without, or below `*.example.com`; however the name is written. */
export function isHost(host: string, name: string): boolean {
  const [, bare = '', port = ''] = SPLIT.exec(host) ?? []
  const [, named = '', namedPort] = SPLIT.exec(isBareIPv6(name) ? `[${name}]` : name) ?? []
  if (namedPort !== undefined && namedPort !== port) return false
  if (!named.startsWith('*')) return bare === asInUrl(named)
  const end = asInUrl(named.slice(1).replace(/^\./, ''))
  return end === '' || (bare.endsWith(`.${end}`) && bare.length > end.length + 1)
}

const SPLIT = /^(.*?)(?::(\d+))?$/s

function isBareIPv6(name: string): boolean {
  return /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(name)
}

/** Punycode, short IPv6, lower case; what is no host stays as it is. */
function asInUrl(name: string): string {
  return withoutDot(parseUrl(`http://${name}`)?.hostname ?? name)
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '')
}
