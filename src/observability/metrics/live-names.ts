/** What the running file names; series of others are forgotten, so that reloads don't gather them. */
export interface LiveNames {
  readonly hasRoute: (route: string) => boolean
  readonly hasRule: (route: string, rule: string) => boolean
  readonly hasUpstream: (upstream: string) => boolean
  readonly hasTarget: (upstream: string, target: string) => boolean
  readonly hasKind: (kind: string) => boolean
  readonly hasClient: (client: string) => boolean
  readonly hasLimit: (limit: string) => boolean
  readonly hasSecret: (secret: string) => boolean
}

type Labels = Readonly<Partial<Record<string, string | number>>>

/** Whether a series bears only names of the running file; an empty one stands for "none". */
export function isLive(names: LiveNames, labels: Labels): boolean {
  const { route, rule, upstream, next, target, kind, client, limit, secret } = labels
  const holds = (name: Labels[string], has: (name: string) => boolean): boolean =>
    name === undefined || name === '' || has(String(name))
  return (
    holds(route, names.hasRoute) &&
    holds(rule, (one) => names.hasRule(String(route), one)) &&
    holds(upstream, names.hasUpstream) &&
    holds(next, names.hasUpstream) &&
    holds(target, (one) => names.hasTarget(String(upstream), one)) &&
    holds(kind, names.hasKind) &&
    holds(client, names.hasClient) &&
    holds(limit, names.hasLimit) &&
    holds(secret, names.hasSecret)
  )
}
