import { parseUrl } from '../../http/target/parse-url.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { isLoopback, parseAddress } from '../language/address.ts'
import { DEFAULT_LISTEN } from '../normalize/normalize-server.ts'
import type { NormalAddress } from '../shapes/normal-config.ts'
import type { Path } from '../text/document.ts'
import { type CheckContext, errorAt, warningAt } from './check-context.ts'
import { urlsOf } from './targets.ts'

/** Finds upstreams that are Keyway's own listener: every request to one would come back. */
export function checkOwnAddress(context: CheckContext): void {
  const { value: server } = context.model.server
  const written = typeof server.listen === 'object' ? server.listen.address : server.listen
  const listen = parseAddress(written ?? DEFAULT_LISTEN)
  if (listen === null) return
  // A file that leaves the address to the default may be meant for another.
  const findingAt = written === undefined ? warningAt : errorAt
  const report = (path: Path, name: string): void =>
    context.report(ownAddress(findingAt, path, name))
  for (const part of context.model.upstreams) {
    const { socket } = part.value
    if (socket !== undefined) {
      if ('socketPath' in listen && listen.socketPath === socket)
        report([...part.path, 'socket'], part.name)
    } else
      for (const { path, url } of urlsOf(part)) if (leadsTo(listen, url)) report(path, part.name)
  }
}

function ownAddress(findingAt: typeof errorAt, path: Path, name: string): Finding {
  const message = `the upstream "${name}" is the address that Keyway listens on`
  const hint =
    'name the service behind it, or listen on another port; requests would go round until they are answered 508'
  return findingAt(path, 'own-address', message, { hint })
}

function leadsTo(listen: NormalAddress, text: string): boolean {
  const url = parseUrl(text)
  if ('socketPath' in listen || url === null) return false
  const { protocol, hostname, port: written } = url
  if (protocol !== 'http:' && protocol !== 'https:') return false
  const port = Number(written) || (protocol === 'https:' ? 443 : 80)
  if (port !== listen.port) return false
  const host = hostname.replace(/^\[|\]$/g, '')
  if (host === listen.host) return true
  if (isAny(listen.host)) return isAny(host) || isLoopback({ host, port })
  return (
    isLoopback(listen) && [host, listen.host].some((name) => name === 'localhost' || isAny(name))
  )
}

function isAny(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}
