import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { lowerName } from '../../http/fields/header-names.ts'
import { standInToken } from '../language/stand-in-token.ts'
import { type CurlAddress, DEFAULT_CURL_ADDRESS } from './curl-address.ts'

/** What of a request a command line says; names and values of its headers by turns. */
interface CurlRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
}

/** Fields that curl adds by itself, in lower case. */
const CURL_FIELDS: readonly string[] = ['user-agent', 'accept']

/** Fields that a command says otherwise than a request, unless they are asked for. */
export const OWN_FIELDS: readonly string[] = ['host', ...CURL_FIELDS]

/** What a command depends on beside its request. */
export interface CurlSettings {
  /** Fields that are looked at, in lower case. */
  readonly asked?: readonly string[]
  /** Where the proxy is. */
  readonly address?: CurlAddress
}

/**
 * A request as a curl command that sends it. Of the fields that curl adds by itself it takes off those
 * that are asked for and that the request has not; a Host of no meaning is left out unless it is asked for.
 */
export function writeCurl(
  { method, target, headers }: CurlRequest,
  { asked = [], address = DEFAULT_CURL_ADDRESS }: CurlSettings = {},
): string {
  const words = ['curl', ...methodWords(method), ...address.options.map(quote)]
  const fields = [...fieldPairs(headers)]
  for (const [name, value] of fields) {
    if (lowerName(name) !== 'host' || value !== 'localhost' || asked.includes('host'))
      words.push('-H', quote(value === '' ? `${lowerName(name)};` : `${lowerName(name)}: ${value}`))
  }
  const names = new Set(fields.map(([name]) => lowerName(name)))
  for (const name of asked)
    if (CURL_FIELDS.includes(name) && !names.has(name)) words.push('-H', quote(`${name}:`))
  // Brackets and braces are patterns of URLs to curl.
  if (/[[\]{}]/.test(target)) words.push('-g')
  words.push(quote(address.origin + target))
  return words.join(' ')
}

/** An answer to HEAD has no body, which curl would wait for if only the method were named. */
function methodWords(method: string): readonly string[] {
  if (method === 'GET') return []
  return method === 'HEAD' ? ['-I'] : ['-X', quote(method)]
}

/** What a request is like that its command line does not say. */
export interface Beside {
  /** The address that it comes from, or `a Unix socket`; null: the one that the command comes from, or it does not matter. */
  readonly from: string | null
  /** The client whose token it shows, in place of which a stand-in is written; null: none. */
  readonly client: string | null
  /** Whether some client's token belongs to it, and none is written. */
  readonly lacksToken?: boolean
}

/** Where a request comes from, in words: an address, but for clients on a Unix socket. */
export function describePeer({ peerIp }: { readonly peerIp: string }): string {
  return peerIp === '' ? 'a Unix socket' : peerIp
}

/** The rest of a command line as a comment, which a shell leaves out. */
export function commentOn({ from, client, lacksToken = false }: Beside): string {
  const parts = [
    ...(from === null ? [] : [`from ${from}`]),
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
