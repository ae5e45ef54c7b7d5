import { isScheme, OPAQUE_SCHEMES } from '../config/language/schemes.ts'
import { splitBasic } from '../config/naming/prefix-table.ts'
import type { NormalKind, Place } from '../config/shapes/normal-config.ts'
import { detach } from '../http/fields/detach.ts'
import type { Credential } from './credential.ts'
import type { KindTeller } from './kind-teller.ts'

/** What reading a field's value needs beside it. */
export interface FieldReader extends KindTeller {
  /** Schemes that the file speaks of, in lower case, beside those that are known. */
  readonly namedSchemes: ReadonlySet<string>
}

/** What a field holds: one credential, none, or more than one. */
export type FieldReading = Credential | null | 'malformed'

/**
 * Reads the one credential of a field, a parameter or a cookie. A first word is a scheme only where
 * it is known as one; outside of Authorization only schemes with an opaque token are. What else
 * stands behind a comma or white space is no part of one credential: the whole is malformed.
 */
export function readField(place: Place, raw: string, reader: FieldReader): FieldReading {
  const text = raw.trim()
  if (text === '') return null
  const isAuthorization = place.in === 'header' && place.name === 'authorization'
  const space = text.search(/[ \t]/)
  if (space < 0) {
    if (isAuthorization && isScheme(text.toLowerCase(), reader.namedSchemes)) return null
    return readOpaque({ place, raw, scheme: null }, text, reader)
  }
  // What is told of the request names it, and would keep the credential behind it.
  const scheme = detach(text.slice(0, space).toLowerCase())
  const value = text.slice(space + 1).trim()
  if (OPAQUE_SCHEMES.has(scheme)) return readOpaque({ place, raw, scheme }, value, reader)
  if (!isAuthorization || !isScheme(scheme, reader.namedSchemes)) return 'malformed'
  return readBound({ place, raw, scheme }, value, reader)
}

interface Read {
  readonly place: Place
  readonly raw: string
  readonly scheme: string | null
}

function readOpaque(read: Read, value: string, { classify, scanner }: FieldReader): FieldReading {
  if (read.scheme === 'token') {
    const named = readTokenParameter(value)
    if (named === 'malformed') return 'malformed'
    if (named !== null) {
      const kind = classify(named.value)
      const other = scanner.find(named.rest, () => true)
      if (other !== null) return 'malformed'
      return { ...read, value: named.value, kind, isOpaque: named.rest === '' }
    }
  }
  if (/[\s,]/.test(value)) return 'malformed'
  return { ...read, value, kind: classify(value), isOpaque: true }
}

const TOKEN_PARAMETER = /^token\s*=\s*(?:"([^"\\]*)"|([^\s,;"]+))\s*(?:[,;]\s*(.*))?$/i

/** `Token token="…", …` (Rails): the token, and the parameters beside it; null: it is not written so. */
function readTokenParameter(
  text: string,
): { readonly value: string; readonly rest: string } | null | 'malformed' {
  if (!/^token\s*=/i.test(text)) return null
  const match = TOKEN_PARAMETER.exec(text)
  if (match === null) return 'malformed'
  const [, quoted, bare, rest = ''] = match
  const value = quoted ?? bare ?? ''
  return value === '' || /[\s,]/.test(value) || hasChallenge(rest) ? 'malformed' : { value, rest }
}

/** A credential that is bound to its scheme; one with another behind it is malformed. */
function readBound(read: Read, value: string, reader: FieldReader): FieldReading {
  const kind = read.scheme === 'basic' ? readBasic(value, reader) : readParameters(value, reader)
  return kind === 'malformed' ? 'malformed' : { ...read, value, kind, isOpaque: false }
}

/** The kind that a Basic credential is of: its password's, else its user's. */
function readBasic(value: string, { classify, scanner }: FieldReader): NormalKind | 'malformed' {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value)) return 'malformed'
  const decoded = Buffer.from(value, 'base64').toString('latin1')
  const { user, password } = splitBasic(decoded)
  const kind = classify(password)
  const piece = scanner.next(user, 0, 'sent')
  if (piece === null || piece.start > 0) return kind
  return password !== '' && kind.name !== 'unknown' && kind.name !== piece.kind.name
    ? 'malformed'
    : piece.kind
}

function readParameters(
  value: string,
  { classify, scanner }: FieldReader,
): NormalKind | 'malformed' {
  const kind = classify(value)
  if (hasChallenge(value)) return 'malformed'
  return scanner.find(value, (other) => other.name !== kind.name) === null ? kind : 'malformed'
}

/**
 * Whether anything stands behind a scheme that is neither its one token nor its parameters, such as
 * another scheme: RFC 9110 §11.4 allows one in a request.
 */
function hasChallenge(text: string): boolean {
  const words = text
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\s*=\s*/g, '=')
    .split(/[\s,]+/)
    .filter((word) => word !== '')
  return words.length > 1 && words.some((word) => !/^[^=]+=/.test(word))
}
