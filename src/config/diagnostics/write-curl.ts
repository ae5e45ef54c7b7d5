import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import { standInToken } from '../language/stand-in-token.ts'

/** What of a request a command line says; names and values of its headers by turns. */
interface CurlRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
}

/** Fields that curl adds by itself, in lower case. */
export const CURL_FIELDS: readonly string[] = ['user-agent', 'accept']

/**
 * A request as a curl command that sends it; the address is that of a proxy on this machine. Of the
 * fields that curl adds by itself it takes off those that are `asked` for and that the request has not.
 */
export function writeCurl(
  { method, target, headers }: CurlRequest,
  asked: Iterable<string> = [],
): string {
  const words = ['curl', ...methodWords(method)]
  const fields = [...fieldPairs(headers)]
  for (const [name, value] of fields) {
    if (lowerName(name) !== 'host' || value !== 'localhost')
      words.push('-H', quote(value === '' ? `${lowerName(name)};` : `${lowerName(name)}: ${value}`))
  }
  const names = new Set(fields.map(([name]) => lowerName(name)))
  for (const name of asked)
    if (CURL_FIELDS.includes(name) && !names.has(name)) words.push('-H', quote(`${name}:`))
  // Brackets and braces are patterns of URLs to curl.
  if (/[[\]{}]/.test(target)) words.push('-g')
  words.push(quote(`http://127.0.0.1:8080${target}`))
  return words.join(' ')
}

/** An answer to HEAD has no body, which curl would wait for if only the method were named. */
function methodWords(method: string): readonly string[] {
  if (method === 'GET') return []
  return method === 'HEAD' ? ['-I'] : ['-X', quote(method)]
}

/** What a request is like that its command line does not say. */
export interface Beside {
  /** The address that it comes from, or `a Unix socket`. */
  readonly from: string
  /** The client whose token it shows, in place of which a stand-in is written; null: none. */
  readonly client: string | null
  /** Whether some client's token belongs to it, and none is written. */
  readonly lacksToken?: boolean
}

/** Where a request comes from, in words: an address, but for clients on a Unix socket. */
export function describePeer({ peerIp }: { readonly peerIp: string }): string {
  return peerIp === '' ? 'a Unix socket' : peerIp
}

/** The rest of a command line as a comment, which a shell leaves out; nothing of this machine's own address. */
export function commentOn({ from, client, lacksToken = false }: Beside): string {
  const parts = [
    ...(from === '127.0.0.1' ? [] : [`from ${from}`]),
    ...(client === null ? [] : [`${standInToken(client)} stands for the token of "${client}"`]),
    ...(lacksToken ? ["with a client's token"] : []),
  ]
  return parts.length === 0 ? '' : ` # ${parts.join('; ')}`
}

/** A word for a POSIX shell. */
function quote(word: string): string {
  // Fields and paths are bytes: a terminal would write those beyond ASCII as two.
  if (/[\x80-\xff]/.test(word)) return `"$(printf '${printfFormat(word)}')"`
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A format that printf(1) of POSIX writes as these bytes. */
function printfFormat(bytes: string): string {
  return bytes
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('%', '%%')
    .replaceAll("'", `'\\''`)
    .replaceAll(/[\x80-\xff]/g, (byte) => `\\${byte.charCodeAt(0).toString(8)}`)
}
