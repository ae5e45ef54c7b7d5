import { parseUrl } from '../../http/target/parse-url.ts'
import { type CheckContext, warningAt } from './check-context.ts'
import { urlsOf } from './targets.ts'

/** Warns of upstreams that are not verified, or reached in the clear. */
export function lintUpstreams({ model, report }: CheckContext): void {
  for (const part of model.upstreams) {
    const { path, value } = part
    if (value.tls?.insecure === true)
      report(
        warningAt(
          [...path, 'tls', 'insecure'],
          'insecure-tls',
          'the certificate is not verified: anyone on the way can read the credentials',
          { hint: 'name a private CA instead: tls: { ca: FILE }' },
        ),
      )
    if (value.socket !== undefined) continue
    for (const { path: at, url } of urlsOf(part))
      if (isInTheClear(url))
        report(
          warningAt(at, 'plain-http', 'credentials go to this host unencrypted', {
            hint: 'write https://, or reach it over loopback',
          }),
        )
  }
}

function isInTheClear(url: string): boolean {
  const hostname = url.startsWith('http://') ? parseUrl(url)?.hostname : undefined
  return (
    hostname !== undefined &&
    !/^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  )
}
