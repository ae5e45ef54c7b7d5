import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { type CompileOptions, compileSnapshot } from '../../src/loading/compile-snapshot.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import type { Snapshot } from '../../src/routing/snapshot.ts'
import { clientOfToken, standInSecret } from '../../src/testing/request.ts'

/** Compiles a configuration's text; throws its findings where it is not valid. */
export function compileText(text: string, more: Partial<CompileOptions> = {}): Snapshot {
  const { snapshot, diagnostics } = compileSnapshot(
    { file: 'routes.yaml', text },
    {
      catalogue: loadCatalogue(),
      env: {},
      generation: 1,
      readSecret: standInSecret,
      identifyClient: clientOfToken,
      ...more,
    },
  )
  if (snapshot === null) throw new Error(JSON.stringify(diagnostics, null, 2))
  return snapshot
}

/** A request as the engine sees it. */
export function view(
  target: string,
  headers: readonly string[] = [],
  more: Partial<RequestView> = {},
): RequestView {
  return {
    method: 'GET',
    target,
    headers: ['Host', 'localhost', ...headers],
    peerIp: '192.0.2.7',
    protocol: 'http',
    id: 'id-1',
    ...more,
  }
}
