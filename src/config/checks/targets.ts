import { parseUrl } from '../../http/target/parse-url.ts'
import { findSocketFault } from '../language/address.ts'
import { parseDuration } from '../language/units.ts'
import type { NamedPart, UpstreamObject } from '../schema/model.ts'
import type { DiagnosticCode } from '../shapes/diagnostic-code.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt, warningAt } from './check-context.ts'

/** Checks an upstream's targets and how it is reached, beside the URLs themselves. */
export function checkTargets(context: CheckContext, part: NamedPart<UpstreamObject>): void {
  checkTargetList(context, part)
  checkTransport(context, part)
  checkHealth(context, part)
}

/** The URLs of an upstream and where they stand. */
export function urlsOf({
  path,
  value,
}: NamedPart<UpstreamObject>): readonly { readonly path: Path; readonly url: string }[] {
  const own = value.url === undefined ? [] : [{ path: [...path, 'url'], url: value.url }]
  const targets = (value.targets ?? []).map((target, index) =>
    typeof target === 'string'
      ? { path: [...path, 'targets', index], url: target }
      : { path: [...path, 'targets', index, 'url'], url: target.url },
  )
  return [...own, ...targets]
}

function checkTargetList({ report }: CheckContext, part: NamedPart<UpstreamObject>): void {
  const { path, value } = part
  if (value.targets !== undefined && value.url !== undefined)
    report(
      errorAt([...path, 'url'], 'url-and-targets', '"url" and "targets" exclude each other', {
        part: 'key',
        hint: 'write all URLs under "targets"',
      }),
    )
  const urls = urlsOf({ ...part, value: { targets: value.targets ?? [] } })
  const [first] = urls
  for (const [index, { path: at, url }] of urls.entries()) {
    if (url.startsWith('builtin:'))
      report(errorAt(at, 'builtin-target', `${url} can't be one of several targets`))
    if (urls.findIndex((other) => other.url === url) < index)
      report(
        errorAt(at, 'duplicate-target', 'this target stands here twice', {
          hint: 'give one of them a "weight" instead',
        }),
      )
    if (first && isMixed(schemeOf(url), schemeOf(first.url)))
      report(
        errorAt(at, 'mixed-targets', 'the targets of one service are all https or all http', {
          hint: 'the first one decides',
        }),
      )
  }
  for (const key of ['balance', 'eject'] as const)
    if (value[key] !== undefined && value[key] !== 'off' && (value.targets?.length ?? 1) < 2)
      report(
        warningAt([...path, key], 'one-target', `"${key}" does nothing with one target`, {
          part: 'key',
          hint: 'add "targets", or remove it',
        }),
      )
}

function checkTransport({ report }: CheckContext, part: NamedPart<UpstreamObject>): void {
  const { path, value } = part
  const fail = (key: string, code: DiagnosticCode, message: string, hint: string): void =>
    report(errorAt([...path, key], code, message, { part: 'key', hint }))
  if (value.url?.startsWith('builtin:'))
    for (const key of ['health', 'http2', 'socket', 'proxy'])
      if (key in value) fail(key, 'builtin-setting', `${value.url} has no "${key}"`, 'remove it')
  const [first] = urlsOf(part)
  if (value.http2 && first && schemeOf(first.url) === 'http')
    fail('http2', 'http2-in-the-clear', 'HTTP/2 is only spoken over https', 'write https://')
  if (value.socket !== undefined && value.targets !== undefined)
    fail('socket', 'socket-and-targets', '"socket" and "targets" exclude each other', 'give "url"')
  const socketFault = value.socket === undefined ? null : findSocketFault(value.socket)
  if (socketFault !== null)
    report(errorAt([...path, 'socket'], 'bad-address', socketFault, { hint: 'move the socket' }))
  if (value.proxy === undefined) return
  if (value.socket !== undefined)
    fail('proxy', 'socket-and-proxy', 'a unix socket is not reached by a proxy', 'remove one')
  const fault = value.proxy === 'env' ? null : findProxyFault(value.proxy)
  if (fault) report(errorAt([...path, 'proxy'], 'bad-proxy', fault[0], { hint: fault[1] }))
}

function findProxyFault(text: string): readonly [string, string] | null {
  const url = parseUrl(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return [`"${text}" is no proxy`, 'write http://host:port, or env']
  if (url.username || url.password)
    return [
      "a proxy's password does not stand in the file",
      'write env, and put the URL into HTTPS_PROXY',
    ]
  return null
}

function checkHealth({ report }: CheckContext, { path, value }: NamedPart<UpstreamObject>): void {
  for (const key of ['interval', 'timeout'] as const) {
    const text = value.health?.[key]
    if (text === undefined || parseDuration(text) >= 100) continue
    report(
      errorAt([...path, 'health', key], 'out-of-range', `"${text}" is out of range`, {
        hint: 'it is at least 100ms',
      }),
    )
  }
}

/** What is neither is told of as no URL. */
function isMixed(one: string, other: string): boolean {
  return one !== other && [one, other].every((scheme) => /^https?$/.test(scheme))
}

function schemeOf(url: string): string {
  return url.slice(0, Math.max(0, url.indexOf(':')))
}
