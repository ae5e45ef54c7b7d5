/** How a server reads a path; what it can't read it refuses: null. Shares no line with Keyway. */
export type Reader = (path: string) => string | null

/** One round of percent-decoding, bytes as latin1; broken triplets stay. */
function decode(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (_, digits) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/** As old IIS does: `%uHHHH` too. */
function decodeUnicode(path: string): string {
  const wide = path.replaceAll(/%u([0-9a-f]{4})/gi, (_, digits) =>
    Buffer.from(String.fromCharCode(Number.parseInt(digits, 16))).toString('latin1'),
  )
  return decode(wide)
}

/** UTF-8 as decoders read it that look at no shortest form: the low bits of each byte count. */
function readOverlong(path: string): string {
  const two = path.replaceAll(/[\xc0-\xdf]([\0-\xff])/g, (pair, next) => {
    const code = ((pair.charCodeAt(0) & 31) << 6) | (next.charCodeAt(0) & 63)
    return code < 128 ? String.fromCharCode(code) : pair
  })
  return two.replaceAll(/\xe0[\x80-\x9f][\x80-\xbf]|\xf0\x80[\x80-\x8f][\x80-\xbf]/g, (form) => {
    const last = form.charCodeAt(form.length - 1) & 63
    const before = form.charCodeAt(form.length - 2) & 63
    const code = (before << 6) | last
    return code < 128 ? String.fromCharCode(code) : form
  })
}

function readCompatibility(path: string): string {
  return Buffer.from(path, 'latin1').toString('utf8').normalize('NFKC')
}

/** RFC 3986 §5.2.4. */
function removeDotSegments(path: string): string {
  const kept: string[] = []
  const segments = path.split('/').slice(1)
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1
    if (segment === '..') kept.pop()
    if (segment !== '.' && segment !== '..') kept.push(segment)
    else if (isLast) kept.push('')
  }
  return `/${kept.join('/')}`
}

const merge = (path: string): string => path.replaceAll(/\/+/g, '/')
const stripParameters = (path: string): string =>
  path
    .split('/')
    .map((segment) => segment.split(';')[0])
    .join('/')
const turn = (path: string): string => path.replaceAll('\\', '/')
const cutAtNul = (path: string): string => path.split('\0')[0] as string

function inTurn(...steps: readonly ((path: string) => string)[]): Reader {
  return (path) => steps.reduce((read, step) => step(read), path)
}

/** Only what needs no encoding is decoded (RFC 3986 §6.2.2.2). */
function decodeUnreserved(path: string): string {
  return path.replaceAll(/%[0-9a-f]{2}/gi, (triplet) => {
    const character = decode(triplet)
    return /[A-Za-z0-9._~-]/.test(character) ? character : triplet
  })
}

/** Servers as they are met, by what they do in which order. */
export const READERS: Readonly<Record<string, Reader>> = {
  'RFC 3986': inTurn(decodeUnreserved, removeDotSegments),
  'nginx, merge_slashes': inTurn(decode, merge, removeDotSegments),
  'nginx, without': inTurn(decode, removeDotSegments),
  'a servlet container': inTurn(stripParameters, decode, merge, removeDotSegments),
  'a servlet container that strips late': inTurn(decode, stripParameters, merge, removeDotSegments),
  'a double decoder': inTurn(decode, decode, removeDotSegments),
  'a double decoder that merges': inTurn(decode, decode, merge, removeDotSegments),
  'a proxy before a servlet container': inTurn(
    decode,
    removeDotSegments,
    stripParameters,
    decode,
    merge,
    removeDotSegments,
  ),
  'a triple decoder': inTurn(decode, decode, decode, merge, removeDotSegments),
  'IIS of old': inTurn(decodeUnicode, readOverlong, turn, merge, removeDotSegments),
  'IIS of old, twice': inTurn(
    decodeUnicode,
    decodeUnicode,
    readOverlong,
    turn,
    merge,
    removeDotSegments,
  ),
  'C behind a decoder': inTurn(decode, cutAtNul, merge, removeDotSegments),
  'a database behind a decoder': inTurn(decode, readCompatibility, merge, removeDotSegments),
}
