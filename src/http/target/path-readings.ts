import { decodeToTheEnd } from './percent-decoding.ts'

/** What servers do not agree about, as a pattern; most paths hold none of it. */
export const MARKS: string = String.raw`[%;\\\x80-\xff]|//`

const MARKED = new RegExp(MARKS)

/** One way in which a server may read a path. */
type Reader = (path: string) => string

/** Encoded ASCII becomes what it stands for, where it was encoded once. */
const decodeOnce: Reader = (path) =>
  path.replaceAll(/%(?:2[1-9a-f]|[3-6][0-9a-f]|7[0-9a-e])/gi, (triplet) =>
    String.fromCharCode(Number.parseInt(triplet.slice(1), 16)),
  )
/** The same until none is left: RFC 3986 §6.2.2 by one server after the other. */
const decode: Reader = (path) => decodeToTheEnd(path, isPrintable)
/** As Windows' servers do. */
const turnBackslashes: Reader = (path) => path.replaceAll('\\', '/')
/** As Java's servlet containers do: `;name=value` belongs to no segment. */
const dropParameters: Reader = (path) => path.replaceAll(/;[^/]*/g, '')
/** As nginx (merge_slashes), Go and most frameworks' routers do. */
const mergeSlashes: Reader = (path) => path.replaceAll(/\/{2,}/g, '/')
/** A path that was decoded before it was cut from its query. */
const cutQuery: Reader = (path) => path.replace(/[?#].*/s, '')
/** As what stores names in compatibility form does (Unicode's NFKC): a full-width slash is one. */
const foldForms: Reader = (path) => path.replaceAll(WIDE, (written) => foldForm(written))

/** What a server may do or leave, in the order in which it can be done. */
const STEPS: readonly Reader[] = [
  decodeOnce,
  dropParameters,
  decode,
  foldForms,
  turnBackslashes,
  cutQuery,
  dropParameters,
  cutQuery,
  mergeSlashes,
]

const NONE: readonly string[] = []

/** What lenient servers may read in a path, in canonical form, beside the path itself; for most paths nothing. */
export function readPathLeniently(path: string): readonly string[] {
  if (!MARKED.test(path)) return NONE
  const readings = new Set([path])
  for (const step of STEPS) for (const reading of [...readings]) readings.add(step(reading))
  readings.delete(path)
  return [...readings]
}

/** Spaces, controls and bytes of UTF-8 stay as they are written: they change no segment. */
function isPrintable(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f
}

/** Three bytes of UTF-8, encoded or not: no shorter form folds to a sign that a path knows. */
const WIDE = /(?:%e[0-9a-f]|[\xe0-\xef])(?:%[89ab][0-9a-f]|[\x80-\xbf]){2}/gi

function foldForm(written: string): string {
  const bytes = decodeToTheEnd(written, () => true)
  const folded = Buffer.from(bytes, 'latin1').toString('utf8').normalize('NFKC')
  return /^[\x21-\x7e]+$/.test(folded) ? folded : written
}
