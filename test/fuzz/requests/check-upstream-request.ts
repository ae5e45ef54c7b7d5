import { type Fields, valuesOf } from '../parse-message.ts'
import type { ParsedRequest } from '../parse-request.ts'
import type { Entry } from './ledger.ts'

const PLACES = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'xi-api-key']
const NEVER = ['te', 'trailer', 'keep-alive', 'proxy-connection', 'proxy-authorization', 'expect']
const KEY = /sk-ant-[\w-]*FAKE[\w-]*/g

/** What every request that reaches the upstream says. */
export interface Expected {
  readonly host: string
  /** What clients speak. */
  readonly protocol: string
}

/** What is wrong with a request that reached the upstream, given the one that the client sent. */
export function checkUpstreamRequest(
  got: ParsedRequest,
  entry: Entry,
  { host, protocol }: Expected,
): string[] {
  const sent = entry.request
  const faults: string[] = []
  if (sent.refusal !== null) faults.push(`forwarded although it must be refused: ${sent.refusal}`)
  if (got.body !== sent.body) faults.push('another body than the client sent')
  if (valuesOf(got.fields, 'host').join() !== host) faults.push('another Host than the upstream')
  if (valuesOf(got.fields, 'x-forwarded-for').join() !== '127.0.0.1')
    faults.push('a forged X-Forwarded-For')
  if (valuesOf(got.fields, 'x-forwarded-proto').join() !== protocol)
    faults.push('another X-Forwarded-Proto than the client came by')
  const hop = NEVER.find((name) => valuesOf(got.fields, name).length > 0)
  if (hop !== undefined) faults.push(`a hop-by-hop field: ${hop}`)
  if (entry.isPlain && ownFields(got.fields) !== ownFields(sent.fields))
    faults.push('other fields than the client sent')
  const credential = checkCredential(got.fields, sent.fields, entry.isPlain)
  if (credential !== null) faults.push(credential)
  return faults
}

function ownFields(fields: Fields): string {
  return JSON.stringify(
    fields.filter(([name]) => name.startsWith('x-f') && !name.startsWith('x-forwarded')),
  )
}

/** Exactly one credential, in x-api-key, and the one of this request. */
function checkCredential(got: Fields, sent: Fields, isPlain: boolean): string | null {
  const carried = got.filter(([name]) => PLACES.includes(name))
  const offered = sent.filter(([name]) => PLACES.includes(name) && name !== 'xi-api-key')
  const keys = new Set(offered.flatMap(([, value]) => value.match(KEY) ?? []))
  if (carried.length > 1) return 'two credentials'
  const [field] = carried
  if (field === undefined) return isPlain && keys.size > 0 ? 'the credential is lost' : null
  const [name, value] = field
  const key = value.match(KEY)?.[0]
  if (key !== undefined && !keys.has(key)) return "another request's credential"
  if (name === 'x-api-key') {
    const isOne = offered.some(([, other]) => other === value || other.endsWith(value))
    return isOne ? null : 'a credential that the client did not send'
  }
  if (isPlain) return 'the credential in another place than x-api-key'
  const isAsItCame = offered.some((other) => other[0] === name && other[1] === value)
  const isBearer =
    name === 'authorization' && value.startsWith('Bearer ') && !/^Bearer sk-ant-/.test(value)
  return isAsItCame || isBearer ? null : 'a credential in the wrong place'
}
