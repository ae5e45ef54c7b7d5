import { parseUrl } from '../../http/target/parse-url.ts'
import type { NamedPart, UpstreamObject } from '../schema/model.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt } from './check-context.ts'
import { kindNames, undefinedKind } from './kind-names.ts'
import { checkTargets, urlsOf } from './targets.ts'
import { providerMeant, withScheme } from './upstream-meant.ts'

/** Checks each upstream's URL, provider, kinds and TLS files. */
export function checkUpstreams(context: CheckContext): void {
  const { model } = context
  const kinds = kindNames(context)
  const known = new Set(kinds)
  for (const part of model.upstreams) {
    checkAddress(context, part)
    checkTargets(context, part)
    checkTls(context, part)
    for (const [index, kind] of (part.value.accepts ?? []).entries())
      if (!known.has(kind))
        context.report(undefinedKind([...part.path, 'accepts', index], kind, kinds))
  }
}

function checkAddress({ catalogue, report }: CheckContext, part: NamedPart<UpstreamObject>): void {
  const { path, value } = part
  const names = catalogue.providers.map((provider) => provider.name)
  const provider = catalogue.providers.find(({ name }) => name === value.provider)
  if (value.provider !== undefined && !provider)
    report(
      errorAt(
        [...path, 'provider'],
        'undefined-provider',
        `there is no provider "${value.provider}"`,
        {
          hint: 'give "url" and "accepts" instead',
          ...providerMeant(value.provider, names),
        },
      ),
    )
  const urls = urlsOf(part)
  for (const { path: at, url } of urls)
    if (names.includes(url))
      report(
        errorAt(at, 'bad-url', `"${url}" is a provider, no URL`, {
          hint: `write { provider: ${url} }`,
        }),
      )
    else checkUrl(report, at, url)
  if (urls.length > 0 || (provider && provider.url !== null)) return
  if (value.provider !== undefined && !provider) return
  const why = provider ? `; that of ${provider.description} differs by customer` : ''
  report(
    errorAt(path, 'missing-url', `the upstream has no "url"${why}`, {
      part: 'key',
      hint: provider ? 'add "url"' : 'add "url" or "provider"',
    }),
  )
}

function checkUrl(report: CheckContext['report'], path: Path, text: string): void {
  const fault = findFault(text)
  if (fault) report(errorAt(path, 'bad-url', fault[0], { hint: fault[1] }))
}

function findFault(text: string): readonly [string, string] | null {
  if (text.startsWith('builtin:'))
    return text === 'builtin:echo' ? null : [`there is no "${text}"`, 'there is builtin:echo']
  if (text.includes('${'))
    return ['an upstream has one URL, so only ${env.NAME} can stand in it', 'write out the rest']
  if (/[\s\0-\x1f]/.test(text)) return ["white space can't stand in a URL", 'remove it']
  if (/^wss?:/.test(text))
    return ['an upstream is http or https', 'WebSockets go there too: write http or https']
  if (text.startsWith('unix:'))
    return [
      'a unix socket is no URL',
      `write { url: http://localhost, socket: ${text.slice(5).replace(/^\/\/+/, '/')} }`,
    ]
  if (!/^https?:\/\//.test(text))
    return [`"${text}" is no http or https URL`, `write ${withScheme(text)}`]
  const url = parseUrl(text)
  if (!url || url.hostname === '')
    return [`"${text}" is no URL`, 'write https://host, with a port and a base path if need be']
  if (url.hostname.includes('*'))
    return ['an upstream is one host, and no pattern of hosts', 'write out its name']
  if (url.username || url.password)
    return [
      'a URL holds no user and no password',
      'put the secret under "secrets" and place it with "use"',
    ]
  if (text.includes('?'))
    return ["an upstream's URL has no query", 'use "rewrite: { query: { set } }"']
  return text.includes('#')
    ? ["an upstream's URL has no fragment", 'remove what follows the #']
    : null
}

function checkTls({ report }: CheckContext, { path, value }: NamedPart<UpstreamObject>): void {
  const { cert, key } = value.tls ?? {}
  if ((cert === undefined) === (key === undefined)) return
  const [there, missing] = cert === undefined ? ['key', 'cert'] : ['cert', 'key']
  report(
    errorAt([...path, 'tls', there], 'tls-pair', `"${there}" is there without "${missing}"`, {
      part: 'key',
      hint: `a client certificate needs both; add "${missing}"`,
    }),
  )
}
