import { asciiHost } from '../../http/target/ascii-host.ts'
import { encodeBeyondAscii } from '../../http/target/request-target.ts'
import type { Condition, Matcher } from '../shapes/config.generated.ts'
import type { NormalCondition, NormalMatcher } from '../shapes/normal-config.ts'

/** Turns a condition into a tree whose leaves look at one thing each. */
export function normalizeCondition(condition: Condition): NormalCondition {
  return all(leaves(condition))
}

function leaves(condition: Condition): NormalCondition[] {
  const { credential, method, path, host, header, query, client, any, not } = condition
  const found: NormalCondition[] = []
  if (credential) found.push(...credentialLeaves(credential))
  if (method !== undefined) found.push({ type: 'method', matcher: normalizeMatcher(method) })
  if (path !== undefined) found.push(pathLeaf(path))
  if (host !== undefined) found.push({ type: 'host', matcher: hostMatcher(host) })
  for (const [name, matcher] of Object.entries(header ?? {}))
    found.push({ type: 'header', name: name.toLowerCase(), matcher: normalizeMatcher(matcher) })
  for (const [name, matcher] of Object.entries(query ?? {}))
    found.push({ type: 'query', name, matcher: normalizeMatcher(matcher) })
  if (client) found.push(...clientLeaves(client))
  if (condition.all) found.push(...condition.all.flatMap(leaves))
  if (any) found.push(anyOf(any.map(normalizeCondition)))
  if (not) found.push({ type: 'not', of: normalizeCondition(not) })
  return found
}

function all(of: readonly NormalCondition[]): NormalCondition {
  return of.length === 1 ? (of[0] as NormalCondition) : { type: 'all', of }
}

function anyOf(of: readonly NormalCondition[]): NormalCondition {
  return of.length === 1 ? (of[0] as NormalCondition) : { type: 'any', of }
}

function credentialLeaves(credential: NonNullable<Condition['credential']>): NormalCondition[] {
  const { kind, scheme, source, ...matcher } = credential
  const found: NormalCondition[] = []
  if (kind !== undefined) found.push({ type: 'kind', in: [kind].flat() })
  if (scheme !== undefined) found.push({ type: 'scheme', in: [scheme].flat().map(lower) })
  if (source !== undefined) found.push({ type: 'source', in: [source].flat().map(normalizeSource) })
  if (Object.keys(matcher).length > 0) found.push({ type: 'credential', matcher })
  return found
}

function normalizeSource(source: string): string {
  const query = /^query\s+(\S+)$/.exec(source)
  return query ? `query ${query[1]}` : source.toLowerCase()
}

function clientLeaves({ ip, name }: NonNullable<Condition['client']>): NormalCondition[] {
  const found: NormalCondition[] = []
  if (ip !== undefined) found.push({ type: 'client-ip', in: [ip].flat() })
  if (name !== undefined) found.push({ type: 'client-name', matcher: normalizeMatcher(name) })
  return found
}

/** A matcher in its object form. */
export function normalizeMatcher(matcher: Matcher): NormalMatcher {
  if (typeof matcher === 'string') return { equals: matcher }
  return Array.isArray(matcher) ? { in: matcher } : matcher
}

function pathLeaf(path: Matcher): NormalCondition {
  if (typeof path === 'string') return { type: 'path-pattern', pattern: path }
  if (Array.isArray(path)) return anyOf(path.map((pattern) => ({ type: 'path-pattern', pattern })))
  return { type: 'path', matcher: canonicalMatcher(path) }
}

/** The matcher's texts as paths are compared, but for letters that need not be encoded; of a pattern what stands for itself. */
function canonicalMatcher(matcher: NormalMatcher): NormalMatcher {
  return Object.fromEntries(
    Object.entries(matcher).map(([key, value]) => {
      if (key === 'matches') return [key, canonicalPattern(String(value))]
      if (Array.isArray(value)) return [key, value.map(canonicalText)]
      return [key, typeof value === 'string' ? canonicalText(value) : value]
    }),
  )
}

function canonicalText(text: string): string {
  return encodeBeyondAscii(text).replaceAll(/%[0-9a-f]{2}/gi, (triplet) => triplet.toUpperCase())
}

/** A class of characters stays: what stands for one of several bytes can't be written in it. */
function canonicalPattern(pattern: string): string {
  return pattern.replaceAll(/\\.|\[(?:\\.|[^\]\\])*\]|%[0-9a-f]{2}|[^\0-\x7f]/gis, (part) => {
    if (/^%/.test(part)) return part.toUpperCase()
    return /^[^\0-\x7f]$/.test(part) ? `(?:${encodeBeyondAscii(part)})` : part
  })
}

/** Hosts are compared in lower case and as requests name them; `*.example.com` stands for all names below it. */
function hostMatcher(host: Matcher): NormalMatcher {
  if (typeof host === 'string' && host.startsWith('*.'))
    return { suffix: lower(asciiHost(host.slice(1))) }
  const matcher = normalizeMatcher(host)
  return Object.fromEntries(
    Object.entries(matcher).map(([key, value]) => [
      key,
      key === 'matches' ? value : namedAll(value),
    ]),
  )
}

function namedAll(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => lower(asciiHost(String(one))))
  return typeof value === 'string' ? lower(asciiHost(value)) : value
}

function lower(text: string): string {
  return text.toLowerCase()
}
