import { loadCatalogue } from '../../src/credentials/catalogue.ts'
import { compileSnapshot } from '../../src/loading/compile-snapshot.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { createProxyServer } from '../../src/proxy/listener/proxy-server.ts'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import type { ChildAnswer } from './fork-keyway.ts'

/** Serves the file's text given as first argument in a process of its own, and counts when asked. */
async function serve(text: string): Promise<void> {
  const { snapshot, diagnostics } = compileSnapshot(
    { file: 'fuzz.yaml', text },
    { catalogue: loadCatalogue(), env: {}, generation: 1 },
  )
  if (snapshot === null) throw new Error(JSON.stringify(diagnostics))
  const { listen, limits } = snapshot.config.server
  const store = createSnapshotStore(snapshot)
  const proxy = createProxyServer({ listen, limits, store, log: createLogger() })
  const say = (answer: ChildAnswer): void => void process.send?.(answer)
  process.on('message', () => say({ stats: proxy.stats() }))
  process.once('disconnect', () => process.exit())
  const address = await proxy.listen()
  say({ port: 'port' in address ? address.port : 0 })
}

await serve(process.argv[2] ?? '')
