import { stringify } from 'yaml'
import type { Decision } from '../../../src/routing/decide/decision.ts'
import type { RouteTable } from '../../../src/routing/route-table.ts'
import { compileText, view } from '../../support/compile-text.ts'
import { READERS } from './readers.ts'

/** Pieces that paths are made of: what routes and rules below name, and every sign servers differ about. */
export const PIECES: readonly string[] = [
  ...['v1', 'admin', 'x', 'models', 't', 'keys', 'up', 'a'],
  ...['/', '/', '/', '/', '//', '.', '..', '%2e', '%2E%2e', '%252e', '%25252e%252e', '%c0%ae'],
  ...['%2f', '%252f', '%25', '%5c', '\\', '%c0%af', ';', '%3b', ';a=b', '%00', '%0a', '%20', '%3f'],
  ...[
    '%ef%bc%8e',
    '%ef%bc%8f',
    '%u002e',
    '%u2024',
    '%e2%80%a5',
    '%61dmin',
    '%2561dmin',
    '%',
    '2',
    'e',
  ],
]

const CONFIG = {
  version: 1,
  server: { admin: 'off' },
  upstreams: { all: 'https://all.example.com/base', other: 'https://other.example.com/base' },
  routes: [
    {
      name: 'all',
      match: { path: '/*' },
      upstream: 'all',
      rules: [
        { name: 'denied', if: { path: '/v1/admin/*' }, reject: 403 },
        { name: 'models', if: { path: '/v1/models' }, upstream: 'other' },
      ],
    },
    { name: 'tenant', match: { path: '/t/:tenant/keys/*' }, upstream: 'other' },
    { name: 'up', match: { path: '/up/*' }, rewrite: { strip: '/up' }, upstream: 'other' },
    {
      name: 'written',
      match: { path: '/a/:id/*' },
      rewrite: { path: '/tenants/:id/*' },
      upstream: 'other',
    },
  ],
}

/** Creates the oracle: what is wrong with what becomes of a path, in the same words for the same fault; null: nothing. */
export function createPathOracle(): (path: string) => string | null {
  const { table } = compileText(stringify(CONFIG))
  return (path) => {
    const decision = table.decide(view(path))
    return decision.action === 'reject' ? null : findFault(table, path, decision)
  }
}

function findFault(
  table: RouteTable,
  path: string,
  decision: Decision & { readonly action: 'forward' },
): string | null {
  for (const [name, read] of Object.entries(READERS)) {
    const asked = read(path)
    const sent = read(decision.target)
    if (asked !== null && !isDecidedAlike(table, asked, decision))
      return `decided otherwise than ${name} reads it`
    if (sent !== null && !/^\/base(\/|$)/.test(sent)) return `out of the base path for ${name}`
  }
  return null
}

function isDecidedAlike(table: RouteTable, asked: string, decision: Decision): boolean {
  const other = table.decide(view(asPath(asked)))
  return other.route === decision.route && other.rule === decision.rule
}

/** What a server has read as a path again: a query cut off, everything else encoded that no path may hold. */
function asPath(text: string): string {
  const path = text.replace(/[?#].*/s, '').replaceAll(/[^\x21-\x7e]|[\\%]/g, (sign) => {
    return [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
  })
  return path.startsWith('/') ? path : `/${path}`
}
