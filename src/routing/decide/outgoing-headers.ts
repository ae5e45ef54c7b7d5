import { dashedTwin } from '../../http/fields/cgi-name.ts'
import { onceForNames } from '../../http/fields/field-names.ts'
import { HOP_BY_HOP } from '../../http/fields/header-names.ts'
import { isProxyField } from '../../http/fields/proxy-fields.ts'
import type { RequestContext } from '../rules/request-context.ts'
import { FORWARDED_FIELDS } from './forwarded.ts'

/**
 * Fields that never leave as they came, beside hop-by-hop ones: the proxy writes its own, or answers
 * them; `Proxy` is no field at all, but CGI makes HTTP_PROXY of it (CVE-2016-5385).
 */
const OWN_FIELDS: readonly string[] = ['host', 'expect', 'x-request-id', 'http2-settings', 'proxy']

/** Fields that `Connection` may not take away: they frame the message or bind it to its host. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'host'])

/** Copies the fields that go on: end-to-end ones, without any place a credential may stand in. */
export type CopyFields = (context: RequestContext) => string[]

/** What a copy of fields depends on; names are in lower case. */
export interface CopyOptions {
  /** Headers that a credential may stand in on the route. */
  readonly cleared: readonly string[]
  /** Other headers that the route's file speaks of. */
  readonly spoken: readonly string[]
  /** What becomes of a name that CGI-style servers can't tell from one of these, or of Keyway's own. */
  readonly underscores: 'drop' | 'keep'
}

/** Builds the copy for a route. */
export function createCopyFields({ cleared, spoken, underscores }: CopyOptions): CopyFields {
  const dropped: ReadonlySet<string> = new Set([
    ...HOP_BY_HOP,
    ...OWN_FIELDS,
    ...FORWARDED_FIELDS,
    ...cleared,
  ])
  const twins: ReadonlySet<string> = new Set([...dropped, ...spoken, ...FRAMING, 'via', 'cdn-loop'])
  const passOf = (name: string): Pass => {
    if (dropped.has(name)) return 'never'
    const twin = underscores === 'keep' ? null : dashedTwin(name)
    if (twin !== null && twins.has(twin)) return 'never'
    return isProxyField(twin ?? name) ? 'trusted' : 'always'
  }
  const passesOf = onceForNames((names) => listPasses(names.map(passOf)))
  return (context) => {
    const { names, isPeerTrusted } = context
    const { headers } = context.request
    const named = namedByConnection(context)
    const fields: string[] = []
    for (const i of passesOf(names)[isPeerTrusted ? 'trusted' : 'always'])
      if (named === null || !named.has(names[i] as string))
        fields.push(headers[2 * i] as string, headers[2 * i + 1] as string)
    return fields
  }
}

/** Whose field of a name goes on. */
type Pass = 'always' | 'trusted' | 'never'

/** The numbers of the fields that go on, by who sent them. */
type Passes = Readonly<Record<Exclude<Pass, 'never'>, readonly number[]>>

function listPasses(passes: readonly Pass[]): Passes {
  const numbers = passes.map((_, i) => i)
  return {
    always: numbers.filter((i) => passes[i] === 'always'),
    trusted: numbers.filter((i) => passes[i] !== 'never'),
  }
}

function namedByConnection(context: RequestContext): ReadonlySet<string> | null {
  const connection = context.header('connection')
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return null
  const names = connection.split(',').map((name) => name.trim().toLowerCase())
  return new Set(names.filter((name) => !FRAMING.has(name)))
}
