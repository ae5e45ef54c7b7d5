import fc from 'fast-check'
import { stringify } from 'yaml'
import { loadCatalogue } from '../../../src/credentials/catalogue.ts'
import { compileSnapshot } from '../../../src/loading/compile-snapshot.ts'
import type { RouteTable } from '../../../src/routing/route-table.ts'
import type { RequestView } from '../../../src/routing/rules/request-view.ts'
import { file, SECRETS, type WrittenFile } from './arbitrary-file.ts'
import { CLIENT_TOKEN, request, type WrittenRequest } from './arbitrary-request.ts'
import { findFault } from './oracle.ts'

/** Requests that each generated file is asked about. */
export const REQUESTS_A_FILE = 40

const identifyClient = (token: string): string | null => (token === CLIENT_TOKEN ? 'alice' : null)

/** Compiles a generated file; null where it is refused. */
export function compile(written: WrittenFile): RouteTable | null {
  const { snapshot } = compileSnapshot(
    { file: 'generated.yaml', text: stringify(written) },
    {
      catalogue: loadCatalogue(),
      env: { OWN: 'unused', PLAIN: 'unused' },
      generation: 1,
      readSecret: (name) => SECRETS[name] ?? null,
      identifyClient,
    },
  )
  return snapshot?.table ?? null
}

function asView({ target, headers }: WrittenRequest): RequestView {
  return {
    method: 'GET',
    target,
    headers: ['Host', 'proxy.test', ...headers],
    peerIp: '192.0.2.7',
    protocol: 'http',
    id: 'id-1',
  }
}

/** How many of the generated files and requests were cases. */
export interface Count {
  files: number
  forwarded: number
  refused: number
}

/** Whatever the file and the request: what can be named leaves only for who accepts it. */
export function credentialProperty(count: Count): fc.IProperty<[WrittenFile, WrittenRequest[]]> {
  const requests = fc.array(request, { minLength: REQUESTS_A_FILE, maxLength: REQUESTS_A_FILE })
  return fc.property(file, requests, (written, list) => {
    const table = compile(written)
    fc.pre(table !== null)
    count.files += 1
    for (const one of list) {
      const decision = table.decide(asView(one))
      if (decision.action === 'forward') count.forwarded += 1
      else count.refused += 1
      const fault = findFault(decision, one)
      if (fault !== null) throw new Error(`${fault}: ${JSON.stringify(one)}`)
    }
  })
}
