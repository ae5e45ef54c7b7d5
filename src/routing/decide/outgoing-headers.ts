import { HOP_BY_HOP } from '../../http/header-names.ts'
import type { RequestContext } from '../rules/request-context.ts'
import { FORWARDED_FIELDS } from './forwarded.ts'

/** Fields that never leave as they came, beside hop-by-hop ones: the proxy writes its own, or answers them. */
const OWN_FIELDS: readonly string[] = ['host', 'expect', 'x-request-id', 'http2-settings']

/** Fields that `Connection` may not take away: they frame the message or bind it to its host. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'host'])

/** Copies the fields that go on: end-to-end ones, without any place a credential may stand in. */
export type CopyFields = (context: RequestContext) => string[]

/** Builds the copy for a route; `cleared` are all headers that a credential may stand in, in lower case. */
export function createCopyFields(cleared: Iterable<string>): CopyFields {
  const dropped: ReadonlySet<string> = new Set([
    ...HOP_BY_HOP,
    ...OWN_FIELDS,
    ...FORWARDED_FIELDS,
    ...cleared,
  ])
  return (context) => {
    const { names } = context
    const { headers } = context.request
    const named = namedByConnection(context)
    const fields: string[] = []
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as string
      if (dropped.has(name) || named?.has(name)) continue
      fields.push(headers[2 * i] as string, headers[2 * i + 1] as string)
    }
    return fields
  }
}

function namedByConnection(context: RequestContext): ReadonlySet<string> | null {
  const connection = context.header('connection')
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null
  const names = connection.split(',').map((name) => name.trim().toLowerCase())
  return new Set(names.filter((name) => !FRAMING.has(name)))
}
