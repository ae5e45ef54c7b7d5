import { didYouMean, suggest } from '../diagnostics/suggest.ts'
import type { Schema, SchemaError, Words } from './schema-error.ts'

/** Words of other tools → Keyway's word for the same thing. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  and: ['all'],
  apikey: ['credential'],
  auth: ['credential', 'use'],
  backend: ['upstream'],
  backends: ['upstreams'],
  block: ['reject'],
  cidr: ['ip'],
  cluster: ['upstream'],
  clusters: ['upstreams'],
  condition: ['if'],
  delete: ['remove'],
  deny: ['reject'],
  destination: ['upstream', 'url'],
  endpoint: ['url', 'path'],
  endpoints: ['targets'],
  endswith: ['suffix'],
  eq: ['equals'],
  exact: ['equals', 'path'],
  exists: ['present'],
  expected: ['expect'],
  header: ['headers', 'set'],
  headers: ['header', 'request'],
  healthcheck: ['health'],
  failover: ['fallback'],
  fallbacks: ['fallback'],
  host: ['hosts', 'url'],
  hostname: ['hosts', 'host', 'url'],
  includes: ['contains'],
  is: ['equals'],
  key: ['name'],
  method: ['methods'],
  one_of: ['in'],
  oneof: ['in'],
  or: ['any'],
  otherwise: ['else'],
  overwrite: ['set'],
  pattern: ['matches', 'path'],
  port: ['listen'],
  regex: ['matches'],
  regexp: ['matches'],
  retries: ['retry', 'attempts'],
  strategy: ['balance'],
  loadbalancer: ['balance'],
  lb: ['balance'],
  http_proxy: ['proxy'],
  h2: ['http2'],
  replace: ['set', 'rewrite'],
  secret: ['secrets'],
  server: ['upstream'],
  servers: ['targets', 'upstreams'],
  service: ['upstream'],
  services: ['upstreams'],
  startswith: ['prefix'],
  target: ['upstream', 'url'],
  then: ['use'],
  timeout: ['limits', 'total'],
  timeouts: ['limits'],
  to: ['upstream'],
  type: ['kind'],
  uri: ['url', 'path'],
  values: ['in'],
  when: ['if'],
  where: ['if'],
}

/** Where each key of the format belongs, in words, by the path of maps that leads to it. */
const HOMES: readonly (readonly [string, readonly string[]])[] = [
  [
    'at the top of the file',
    ['server', 'secrets', 'credentials', 'clients', 'upstreams', 'routes', 'tests', 'version'],
  ],
  [
    'on a route',
    [
      'match',
      'rules',
      'upstream',
      'rewrite',
      'credential',
      'request',
      'response',
      'reject',
      'errors',
      'retry',
      'fallback',
    ],
  ],
  ['in a rule', ['if', 'use', 'else', 'continue']],
  ['under "match"', ['path', 'hosts', 'methods', 'headers']],
  [
    'under "if"',
    ['credential', 'method', 'host', 'header', 'query', 'client', 'all', 'any', 'not'],
  ],
  [
    'under "credential" of an "if"',
    [
      'kind',
      'scheme',
      'source',
      'matches',
      'prefix',
      'suffix',
      'contains',
      'equals',
      'in',
      'present',
    ],
  ],
  ['under "credential" of a route', ['from', 'conflict']],
  ['under "request" or "response"', ['set', 'add', 'append', 'remove', 'rename']],
  ['under "rewrite"', ['strip']],
  [
    'on an upstream',
    [
      'url',
      'targets',
      'balance',
      'health',
      'eject',
      'retry',
      'http2',
      'socket',
      'proxy',
      'provider',
      'accepts',
      'tls',
    ],
  ],
  ['under "retry"', ['attempts', 'budget', 'backoff', 'maxBackoff', 'buffer']],
  ['under "health"', ['interval', 'timeout', 'healthy', 'unhealthy', 'status']],
  ['under "eject"', ['failures', 'for', 'recover']],
  ['under "server"', ['listen', 'admin', 'trust', 'via']],
  [
    'under "limits"',
    [
      'headerFields',
      'headersTimeout',
      'body',
      'bodyIdle',
      'keepAlive',
      'connect',
      'responseHeaders',
      'idle',
      'total',
      'connections',
      'connectionAge',
      'queue',
      'message',
      'drain',
      'headers',
    ],
  ],
]

/** Says of an unknown key what was probably meant, or where it belongs. */
export function describeUnknownKey({ path, error, schema }: SchemaError): Words {
  const key = String(error.params.additionalProperty)
  const known = Object.keys((schema as { properties?: Schema }).properties ?? {})
  return {
    code: 'unknown-key',
    part: 'key',
    path: [...path, key],
    message: `unknown key "${key}"`,
    ...hintFor(key, known),
  }
}

function hintFor(key: string, known: readonly string[]): { hint?: string } {
  if (key === '<<') return { hint: 'merge keys are not part of YAML 1.2; write the keys out' }
  if (/^(if|use)\s/.test(key))
    return { hint: '": " inside a sentence makes it a map; put the whole sentence in quotes' }
  const near = suggest(key, known)
  if (near !== null) return { hint: `did you mean "${near}"?` }
  const synonym = synonymsOf(key).find((word) => known.includes(word))
  if (synonym !== undefined) return { hint: `did you mean "${synonym}"?` }
  const homes = HOMES.filter(([, keys]) => keys.includes(key)).map(([home]) => home)
  if (homes.length > 0) return { hint: `"${key}" belongs ${homes.join(' or ')}` }
  return didYouMean(key, known)
}

function synonymsOf(key: string): readonly string[] {
  const lower = key.toLowerCase()
  return Object.hasOwn(SYNONYMS, lower) ? (SYNONYMS[lower] as readonly string[]) : []
}
