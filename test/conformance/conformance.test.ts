import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { formatDiagnostic } from '../../src/config/diagnostics/format-diagnostic.ts'
import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compileSnapshot } from '../../src/loading/compile-snapshot.ts'
import type { Decision } from '../../src/routing/decide/decision.ts'
import type { RouteTable } from '../../src/routing/route-table.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import {
  type ConformanceCase,
  type ConformanceFile,
  type Expectation,
  readConformanceFiles,
} from './conformance-file.ts'

const CREDENTIAL_HEADERS = ['authorization', 'x-api-key', 'api-key', 'x-goog-api-key', 'xi-api-key']

function compile(file: ConformanceFile, name: string): RouteTable {
  const { snapshot, diagnostics } = compileSnapshot(
    { file: `${name}.yaml`, text: stringify(file.configs[name], { lineWidth: 0 }) },
    {
      catalogue: loadCatalogue(),
      env: file.environment,
      generation: 1,
      readSecret: (secret) => file.secrets[secret] ?? null,
      identifyClient: (token) => file.clients[token] ?? null,
    },
  )
  if (snapshot === null) throw new Error(diagnostics.map(formatDiagnostic).join('\n'))
  return snapshot.table
}

function viewOf({ request }: ConformanceCase): RequestView {
  const headers = request.headers ?? []
  const has = (name: string): boolean => headers.some(([other]) => other.toLowerCase() === name)
  return {
    method: request.method ?? 'GET',
    target: request.path,
    headers: [...(has('host') ? [] : ['Host', 'localhost']), ...headers.flat()],
    peerIp: request.peer ?? '127.0.0.1',
    protocol: request.protocol ?? 'http',
    id: 'request-id',
  }
}

function valuesOf(fields: readonly string[], name: string): string[] {
  return fields.filter((_, i) => i % 2 === 1 && fields[i - 1]?.toLowerCase() === name.toLowerCase())
}

function credentialOf(fields: readonly string[]): string {
  const found = CREDENTIAL_HEADERS.flatMap((name) =>
    valuesOf(fields, name).map((value) => `${name}: ${value}`),
  )
  return found.length === 0 ? 'none' : found.join(' and ')
}

/** The decision, as far as the expectation looks at it, in the expectation's own form. */
function observe(decision: Decision, wanted: Expectation): Record<string, unknown> {
  const isForward = decision.action === 'forward'
  const fields = isForward ? decision.headers : []
  const message = isForward ? '' : decision.message
  const seen: Record<keyof Expectation, unknown> = {
    route: decision.route,
    rule: decision.rule,
    status: isForward ? undefined : decision.status,
    errors: decision.errors,
    says: wanted.says?.filter((text) => message.includes(text)),
    hides: wanted.hides?.filter((text) => !message.includes(text)),
    upstream: isForward ? decision.upstream.config.name : undefined,
    path: isForward ? decision.target : undefined,
    credential: credentialOf(fields),
    headers: observeHeaders(fields, wanted),
    kind: decision.credentialKind,
  }
  const looked = Object.entries(seen).filter(([key]) => key in wanted || key === 'status')
  return Object.fromEntries(looked.filter(([, value]) => value !== undefined))
}

function observeHeaders(fields: readonly string[], { headers = {} }: Expectation): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, wanted]) => {
      const values = valuesOf(fields, name)
      return [name, Array.isArray(wanted) || values.length > 1 ? values : (values[0] ?? null)]
    }),
  )
}

const files = readConformanceFiles()

describe.each(files.map((file) => [file.file, file] as const))('%s', (_, file) => {
  const tables = new Map<string, RouteTable>()
  const tableOf = (name: string): RouteTable => {
    const table = tables.get(name) ?? compile(file, name)
    tables.set(name, table)
    return table
  }

  it('has a description, and a name of its own for each case', () => {
    expect(file.description).toMatch(/\w/)
    const names = file.cases.map(({ name }) => name)
    expect(names).toEqual([...new Set(names)])
  })

  it.each(file.cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const decision = tableOf(one.config).decide(viewOf(one))
    expect(observe(decision, one.expect)).toEqual(one.expect)
  })
})

it('there are at least 600 cases', () => {
  expect(files.flatMap(({ cases }) => cases).length).toBeGreaterThanOrEqual(600)
})

const clients = loadCatalogue().providers.flatMap(({ name, clients }) =>
  clients.map((client) => `${name}: ${client.name}`),
)

it.each(['sdk-requests.yaml', 'sdk-tokens.yaml'])(
  '%s has the request of every client of the catalogue',
  (name) => {
    const { cases = [] } = files.find(({ file }) => file === name) ?? {}
    const has = (client: string): boolean => cases.some((one) => one.name.startsWith(client))
    expect(clients.filter((client) => !has(client))).toEqual([])
  },
)
