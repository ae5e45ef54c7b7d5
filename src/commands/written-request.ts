import { fieldPairs } from '../http/fields/field-pairs.ts'
import { encodeBeyondAscii } from '../http/target/request-target.ts'
import type { RequestView } from '../routing/rules/request-view.ts'
import { UsageError } from './command.ts'

/** A request as a command line gives it. */
export interface WrittenRequest {
  readonly method: string
  /** A path, or a URL whose host becomes the Host field. */
  readonly url: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
}

/** The request that the engine would see if a client at `peerIp` sent this. */
export function viewOfWritten(
  { method, url, headers }: WrittenRequest,
  peerIp: string,
): RequestView {
  const absolute = /^[a-z]+:\/\/(?:[^/?#]*@)?([^/?#]*)([^#]*)/i.exec(url)
  const [, host, rest = ''] = absolute ?? [null, 'localhost', url]
  const hasHost = fieldPairs(headers).some(([name]) => name.toLowerCase() === 'host')
  return {
    method,
    target: encodeBeyondAscii(rest.startsWith('/') ? rest : `/${rest}`),
    headers: hasHost ? headers : ['Host', host as string, ...headers],
    peerIp,
    protocol: 'http',
    id: 'explain',
  }
}

/** Splits `name: value`; throws UsageError where there is no name. */
export function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':')
  const name = line.slice(0, colon).trim()
  if (colon < 1 || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
    throw new UsageError('a header is written as "name: value"')
  const value = line.slice(colon + 1).trim()
  if (/[\0\r\n]/.test(value))
    throw new UsageError(`the header ${name} holds a line break, and would be answered 400`)
  return [name, value]
}
