import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { watchAudit } from '../../src/app/audit.ts'
import { watchProxy } from '../../src/app/watch-proxy.ts'
import type { SecretStatus } from '../../src/credentials/secrets/secret-store.ts'
import { createMetrics } from '../../src/observability/metrics/create-metrics.ts'
import type { ProxyServer } from '../../src/proxy/listener/proxy-server.ts'
import { createSnapshotStore } from '../../src/reload/snapshot-store.ts'
import { compileText } from '../support/compile-text.ts'
import { RECORD } from '../support/sample-record.ts'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')

/** Every metric with its labels, after everything has happened once. */
async function metricsAndLabels(): Promise<string[]> {
  const metrics = createMetrics({ version: '1.2.3', generation: 1, loadedAt: 1 })
  const target = {
    url: 'http://a',
    weight: 1,
    state: 'up',
    connections: 1,
    idle: 0,
    share: 1,
  } as const
  const proxy: Pick<ProxyServer, 'stats' | 'upstreams'> = {
    stats: () => ({
      connections: 1,
      requests: 1,
      inFlight: 1,
      open: [{ route: 'r', plain: 1, sse: 0, websocket: 0 }],
    }),
    upstreams: () => [
      {
        name: 'up',
        retriesLeft: 1,
        targets: [{ ...target, lastCheck: null, waiting: 0, inFlight: 1 }],
      },
    ],
  }
  const snapshot = compileText(`
version: 1
secrets: { own: { env: TEST } }
clients: { tokens: { ci: { file: missing } } }
upstreams: { up: http://a.example }
routes: [{ name: r, match: { path: /* }, upstream: up }]`)
  const token = { source: 'env TEST', reason: null, restsMs: 0, since: null }
  const keys = [{ ...token, expires: '2030-01-01T00:00:00.000Z' }]
  const describe = (): readonly SecretStatus[] => [{ name: 'own', isPool: false, keys }]
  const secrets = { ...snapshot.secrets, describe }
  watchProxy(metrics, proxy as ProxyServer, createSnapshotStore({ ...snapshot, secrets }))
  metrics.onExchange({
    ...RECORD,
    route: 'r',
    rule: 'rules[0]',
    upstream: 'up',
    status: 401,
    code: 'some_code',
    countedClient: 'ci',
    receivedBytes: 1,
    sentBytes: 1,
    firstByteMs: 1,
    upstreamMs: 1,
    addedMs: 0,
  })
  watchAudit(metrics, { isWritable: () => true, note: () => true, close: async () => {} })
  metrics.onReload('applied', 2)
  metrics.onShadowDifference(['route'])
  metrics.upstreams.onRetry('up', 'up')
  metrics.upstreams.onRetry('up', 'other')
  metrics.upstreams.onTarget({ upstream: 'up', target: 'http://a', state: 'ejected' })
  metrics.limits.onAllowed('few')
  metrics.limits.onRefused('few')
  metrics.limits.onUncounted('passed')
  const all = (await metrics.read()).filter(({ name }) => name.startsWith('keyway_'))
  return all.map(({ name, values }) => {
    const labels = Object.keys(values[0]?.labels ?? {}).filter((label) => label !== 'le')
    return [name, ...labels.toSorted()].join(' ')
  })
}

test('docs/operations.md names every metric with its labels, and no other', async () => {
  const rows = [...page.matchAll(/^\| `(keyway_\w+)` \|(.*?)\| .+ \|$/gm)]
  const documented = rows.map(([, name, labels = '']) => {
    const names = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label as string)
    return [name, ...names.toSorted()].join(' ')
  })
  expect(documented.toSorted()).toEqual((await metricsAndLabels()).toSorted())
})
