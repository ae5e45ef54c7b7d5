import { fieldPairs } from '../../http/fields/field-pairs.ts'
import { lowerName } from '../../http/fields/header-names.ts'

/** What of a request a command line says; names and values of its headers by turns. */
interface CurlRequest {
  readonly method: string
  readonly target: string
  readonly headers: readonly string[]
}

/** A request as a curl command that sends it; the address is that of a proxy on this machine. */
export function writeCurl({ method, target, headers }: CurlRequest): string {
  const words = ['curl']
  if (method !== 'GET') words.push('-X', quote(method))
  for (const [name, value] of fieldPairs(headers)) {
    if (lowerName(name) !== 'host' || value !== 'localhost')
      words.push('-H', quote(value === '' ? `${lowerName(name)};` : `${lowerName(name)}: ${value}`))
  }
  words.push(quote(`http://127.0.0.1:8080${target}`))
  return words.join(' ')
}

/** The same, and where it comes from as a comment, which a shell leaves out; nothing of this machine's own address. */
export function writeCurlFrom(request: CurlRequest & { readonly peerIp: string }): string {
  const { peerIp } = request
  const from = peerIp === '' ? 'by a Unix socket' : `from ${peerIp}`
  return peerIp === '127.0.0.1' ? writeCurl(request) : `${writeCurl(request)} # ${from}`
}

/** A word for a POSIX shell. */
function quote(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
