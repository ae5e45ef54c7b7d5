import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Decision, Forward } from '../../../src/routing/decide/decision.ts'
import { SECRETS } from './arbitrary-file.ts'
import { CLIENT_TOKEN, type WrittenRequest } from './arbitrary-request.ts'

interface Kind {
  readonly name: string
  readonly forward: string
}

/** The catalogue, read by itself, from the root of the project: this oracle shares no line with what it judges. */
const { kinds } = parse(readFileSync('config/credentials.yaml', 'utf8')) as {
  kinds: Record<string, { prefixes?: string[]; forward?: string }>
}

const prefixes = Object.entries(kinds)
  .flatMap(([name, { prefixes = [], forward = 'inference' }]) =>
    prefixes.map((prefix) => ({ prefix, kind: { name, forward } })),
  )
  .sort((a, b) => b.prefix.length - a.prefix.length)

/** The kind of a piece: it begins with a known prefix, and enough follows to be no word of people's own. */
function nameOf(piece: string): Kind | null {
  const found = prefixes.find(({ prefix }) => piece.startsWith(prefix))
  if (!found || found.kind.name === 'jwt') return null
  return /^[A-Za-z0-9_-]{12}/.test(piece.slice(found.prefix.length)) ? found.kind : null
}

function decodePercent(text: string): string {
  return text.replaceAll(/%[0-9a-f]{2}/gi, (one) =>
    String.fromCharCode(Number.parseInt(one.slice(1), 16)),
  )
}

function decodeBase64(text: string): string {
  return /^[A-Za-z0-9+/_-]{8,}={0,2}$/.test(text)
    ? Buffer.from(text, 'base64').toString('latin1')
    : ''
}

/** A text cut at every sign that a credential has none of. */
function cut(text: string): readonly string[] {
  return text.split(/[\s,"';&?|:()<>]/).flatMap((part) => [part, ...part.split(/[=/.]/).slice(1)])
}

/** Whatever a reader may take for a credential in a text: as it is, and decoded once. */
export function piecesOf(text: string): readonly string[] {
  const plain = [text, decodePercent(text)].flatMap(cut)
  return [
    ...plain,
    ...plain.map(decodeBase64).flatMap((decoded) => [decoded, ...decoded.split(':')]),
  ]
}

/** What leaves, by where it stands. */
function leaving({ target, headers }: Forward): [string, string][] {
  const fields: [string, string][] = [['the target', target]]
  for (let i = 0; i < headers.length; i += 2)
    fields.push([headers[i] as string, headers[i + 1] as string])
  return fields
}

/** What is wrong with a decision on a request, in the same words for the same fault; null: nothing. */
export function findFault(decision: Decision, request: WrittenRequest): string | null {
  const keys = [request.target, ...request.headers].flatMap(piecesOf).filter((one) => nameOf(one))
  if (decision.action === 'reject') {
    const shown = JSON.stringify(decision)
    return keys.some((key) => shown.includes(key)) ? 'a refusal shows a credential' : null
  }
  return findStray(decision) ?? findToken(decision) ?? findTwo(decision)
}

/** The property: every piece that the catalogue can name is accepted by the upstream, or nothing is sent. */
function findStray(decision: Forward): string | null {
  const { accepts } = decision.upstream.config
  for (const [where, text] of leaving(decision))
    for (const piece of piecesOf(text)) {
      const kind = nameOf(piece)
      if (kind === null) continue
      if (kind.forward === 'never') return `a kind that never travels leaves in ${where}`
      if (accepts !== null && !accepts.includes(kind.name))
        return `a kind that is not accepted leaves in ${where}`
      if (accepts === null && kind.forward === 'admin') return `an admin key leaves in ${where}`
    }
  return null
}

/** A token that told the client leaves nowhere. */
function findToken(decision: Forward): string | null {
  if (decision.client === null) return null
  const found = leaving(decision).find(([, text]) => text.includes(CLIENT_TOKEN))
  return found ? `the client's token leaves in ${found[0]}` : null
}

const PLACES: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'xi-api-key',
])

/** One credential leaves in the known headers, and what the file adds on purpose beside it. */
function findTwo(decision: Forward): string | null {
  const found = leaving(decision).filter(([name]) => PLACES.has(name.toLowerCase()))
  const own = found.filter(([, text]) => !Object.values(SECRETS).some((one) => text.includes(one)))
  return found.length > 1 && own.length > 0 ? 'two credentials leave' : null
}
