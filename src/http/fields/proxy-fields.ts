/** Fields by which proxies tell who sent a request to whom, and for which path, beside `X-Forwarded-…` and `X-Original-…`. */
const PROXY_FIELDS: ReadonlySet<string> = new Set([
  'forwarded',
  'forwarded-for',
  'x-forwarded',
  'x-real-ip',
  'x-real-port',
  'x-client-ip',
  'client-ip',
  'x-cluster-client-ip',
  'x-remote-ip',
  'x-remote-addr',
  'true-client-ip',
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'fastly-client-ip',
  'fly-client-ip',
  'x-appengine-user-ip',
  'x-azure-clientip',
  'x-azure-socketip',
  'x-envoy-external-address',
  'x-envoy-original-path',
  'x-rewrite-url',
  'x-proxyuser-ip',
])

/** Whether a field, in lower case, is one that only a proxy has a say in: an untrusted peer's is pretended. */
export function isProxyField(name: string): boolean {
  if (name.startsWith('x-forwarded-') || name.startsWith('x-original-')) return true
  return PROXY_FIELDS.has(name)
}
