import type { NormalAddress } from '../../src/config/shapes/normal-config.ts'
import type { LogFields, Logger } from '../../src/observability/logger.ts'
import { createProxyServer, type ProxyServer } from '../../src/proxy/listener/proxy-server.ts'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import type { Snapshot, SnapshotStore } from '../../src/routing/snapshot.ts'
import { compileText } from './compile-text.ts'

/** One line that the proxy logged. */
export interface LoggedLine {
  readonly level: string
  readonly fields: LogFields
  readonly message: string
}

/** A proxy that listens on a port of its own. */
export interface TestProxy {
  readonly address: { readonly host: string; readonly port: number }
  readonly proxy: ProxyServer
  readonly store: SnapshotStore
  readonly logged: readonly LoggedLine[]
  /** Makes another configuration live. */
  readonly reload: (text: string) => void
  readonly close: () => Promise<void>
}

/** Starts the proxy over a configuration's text; the listen address is replaced. */
export async function startProxy(
  text: string,
  listen: NormalAddress = { host: '127.0.0.1', port: 0 },
  snapshot: Snapshot = compileText(text),
): Promise<TestProxy> {
  const store = createSnapshotStore(snapshot)
  const logged: LoggedLine[] = []
  const { limits } = snapshot.config.server
  const { tls } = snapshot.config.server.listen
  const log = createMemoryLogger(logged)
  const proxy = createProxyServer({ listen: { address: listen, tls }, limits, store, log })
  const address = await proxy.listen()
  return {
    address: address as TestProxy['address'],
    proxy,
    store,
    logged,
    reload: (next) =>
      store.swap({ ...compileText(next), generation: store.current.generation + 1 }),
    close: () => proxy.drain(0),
  }
}

/** A configuration with one upstream and one route to it under `/up`. */
export function oneRoute(
  url: string,
  more: { upstream?: string; route?: string; server?: string } = {},
): string {
  return `
version: 1
${more.server ?? ''}
upstreams:
  up:
    url: ${url}
${indent(more.upstream ?? '', 4)}
routes:
  - name: up
    match: { path: /up/* }
    rewrite: { strip: /up }
    upstream: up
${indent(more.route ?? '', 4)}
`
}

function indent(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by))
}

function createMemoryLogger(lines: LoggedLine[]): Logger {
  const at = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, fields, message })
  }
  return {
    fatal: at('fatal'),
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    trace: at('trace'),
    request: () => undefined,
  }
}
