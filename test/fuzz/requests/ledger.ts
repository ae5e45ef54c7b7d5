import { type ParsedRequest, parseRequests } from '../parse-request.ts'
import type { RequestCase } from './generate.ts'

/** One request that a client sent, as the strict reader understands it. */
export interface Entry {
  readonly id: string
  readonly caseIndex: number
  readonly request: ParsedRequest
  /** Its target is no other's. */
  readonly isTagged: boolean
  /** Must be answered by the upstream. */
  readonly isPlain: boolean
  /** How often the upstream got it. */
  executions: number
}

/** What a case's bytes mean. */
export interface Meaning {
  readonly entries: readonly Entry[]
  /** False where a rest is left that is no request. */
  readonly isClear: boolean
}

/** All requests under way, by what the upstream will see of them. */
export interface Ledger {
  readonly enter: (subject: RequestCase) => Meaning
  readonly find: (method: string, target: string) => readonly Entry[]
}

/** Cases that are remembered after their end: what was sent may arrive late. */
const REMEMBERED = 5_000

const PREFIX = /^\/(?:u|%75)(?:p|%70)(?=[/?]|$)/i
const PLAIN_METHOD =
  /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|PROPFIND|M-SEARCH|QUERY|REPORT|FOO|Purge-All|!.*)$/

/** Creates an empty ledger. */
export function createLedger(): Ledger {
  const byKey = new Map<string, Entry[]>()
  const keysOfCase = new Map<number, string[]>()
  return {
    enter(subject) {
      const { requests, isClear } = parseRequests(subject.bytes)
      const entries = requests.map((request, position) => describe(subject, request, position))
      const keys = entries.map(({ request }) => keyOf(request.method, upstreamTarget(request)))
      for (const [i, key] of keys.entries())
        byKey.set(key, [...(byKey.get(key) ?? []), entries[i] as Entry])
      keysOfCase.set(subject.index, keys)
      const old = subject.index - REMEMBERED
      for (const key of keysOfCase.get(old) ?? []) {
        const left = (byKey.get(key) ?? []).filter(({ caseIndex }) => caseIndex !== old)
        if (left.length > 0) byKey.set(key, left)
        else byKey.delete(key)
      }
      keysOfCase.delete(old)
      return { entries, isClear }
    },
    find: (method, target) => byKey.get(keyOf(method, target)) ?? [],
  }
}

function describe(subject: RequestCase, request: ParsedRequest, position: number): Entry {
  const { method, target, refusal } = request
  const tag = /\/up\/(t[^/?]+z)/.exec(target)?.[1] ?? ''
  const isPlain = refusal === null && PLAIN_METHOD.test(method) && subject.plain.has(tag)
  const id = `e${subject.index}.${position}`
  return { id, caseIndex: subject.index, request, isTagged: tag !== '', isPlain, executions: 0 }
}

function keyOf(method: string, target: string): string {
  return `${method} ${target}`
}

/** The target as it leaves: in origin form, without the route's prefix. */
function upstreamTarget({ target }: ParsedRequest): string {
  const origin = target.replace(/^https?:\/\/[^/?#]*/i, '')
  const rest = origin.replace(PREFIX, '')
  return rest.startsWith('/') ? rest : `/${rest}`
}
