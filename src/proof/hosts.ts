import type { NormalUpstream } from '../config/shapes/normal-upstream.ts'

/** The hosts that an upstream's requests may go to, with their ports where they are not the usual ones; lower case. */
export function hostsOf({ targets }: Pick<NormalUpstream, 'targets'>): readonly string[] {
  return targets.flatMap(({ url }) => (URL.canParse(url) ? [new URL(url).host] : []))
}

/** Whether a host is the one that is named: exact, without its port, or below `*.example.com`. */
export function isHost(host: string, name: string): boolean {
  const bare = host.replace(/:\d+$/, '')
  if (name.startsWith('*')) return bare.endsWith(name.slice(1)) && bare.length >= name.length
  return host === name || bare === name
}
