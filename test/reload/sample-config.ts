import { createKindScanner } from '../../src/config/naming/kind-scanner.ts'
import { DEFAULT_RETRY } from '../../src/config/normalize/normalize-upstream.ts'
import type {
  NormalConfig,
  NormalRoute,
  NormalRule,
  NormalServer,
} from '../../src/config/shapes/normal-config.ts'
import type { NormalUpstream } from '../../src/config/shapes/normal-upstream.ts'
import { createSecretStore } from '../../src/credentials/secrets/secret-store.ts'
import type { Snapshot } from '../../src/routing/snapshot.ts'

const server: NormalServer = {
  listen: { address: { host: '127.0.0.1', port: 0 }, tls: null },
  admin: null,
  adminToken: null,
  trust: [],
  origins: [],
  hosts: [],
  via: null,
  underscores: 'drop',
  hasAccessLog: false,
  trace: 'pass',
  log: { level: null, format: null, sample: 1 },
  store: null,
  limits: {
    headersBytes: 16_384,
    headerFields: 100,
    headersTimeoutMs: 15_000,
    bodyBytes: 33_554_432,
    bodyIdleMs: 60_000,
    keepAliveMs: 72_000,
    connections: 10_000,
    connectionsPerAddress: null,
    requestsPerAddress: null,
    messageBytes: 16_777_216,
    keptBodiesBytes: 268_435_456,
    drainMs: 30_000,
  },
}

/** A configuration with what a test names, and the defaults for the rest. */
export function sampleConfig(parts: Partial<NormalConfig> = {}): NormalConfig {
  return {
    server,
    secrets: [],
    clients: null,
    audit: null,
    kinds: [],
    upstreams: [],
    routes: [],
    limits: [],
    invariants: [],
    tests: [],
    ...parts,
  }
}

/** Server settings with what a test names, and the defaults for the rest. */
export function sampleServer(
  parts: Partial<NormalServer> = {},
  limits: Partial<NormalServer['limits']> = {},
): NormalServer {
  return { ...server, ...parts, limits: { ...server.limits, ...limits } }
}

/** An upstream with what a test names. */
export function sampleUpstream(name: string, parts: Partial<NormalUpstream> = {}): NormalUpstream {
  return {
    name,
    url: 'http://127.0.0.1:1',
    targets: [{ url: 'http://127.0.0.1:1', weight: 1 }],
    balance: { by: 'round-robin' },
    health: null,
    eject: null,
    retry: DEFAULT_RETRY,
    http2: false,
    socket: null,
    proxy: null,
    provider: null,
    forwarded: true,
    brought: null,
    accepts: null,
    only: [],
    errors: null,
    tls: { ca: null, cert: null, key: null, servername: null, insecure: false },
    limits: {
      connectMs: 5_000,
      responseHeadersMs: 600_000,
      idleMs: 300_000,
      totalMs: 0,
      connections: 1_024,
      queue: 1_024,
      keepAliveMs: 4_000,
      connectionAgeMs: 300_000,
    },
    ...parts,
  }
}

/** A route with what a test names. */
export function sampleRoute(name: string, parts: Partial<NormalRoute> = {}): NormalRoute {
  return {
    name,
    index: 0,
    match: { path: `/${name}/*`, hosts: null, methods: null, headers: [] },
    paths: 'both',
    rewrite: null,
    upstream: 'one',
    retry: {},
    fallback: [],
    from: null,
    conflict: 'reject',
    rules: [],
    also: [],
    request: null,
    response: null,
    reject: null,
    errors: null,
    limits: {},
    ...parts,
  }
}

/** A rule that puts the credential into a header. */
export function sampleRule(name: string, header: string, index = 0): NormalRule {
  return {
    name,
    index,
    if: null,
    then: {
      use: { place: { in: 'header', name: header }, scheme: null, value: null, basic: null },
      also: [],
      request: null,
      response: null,
      rewrite: null,
      upstream: null,
      reject: null,
    },
    else: null,
    continue: false,
  }
}

/** The compiled parts of a snapshot that no request asks. */
export const sampleParts: Pick<
  Snapshot,
  'clients' | 'table' | 'secrets' | 'scanner' | 'routeLines'
> = {
  clients: { problems: () => [] },
  routeLines: [],
  scanner: createKindScanner([]),
  table: {
    decide: () => {
      throw new Error('not asked')
    },
    explain: () => {
      throw new Error('not asked')
    },
    upstreams: [],
    isTrusted: () => false,
    clientIp: ({ peerIp }) => peerIp,
  },
  secrets: createSecretStore([], { baseDir: '/', env: {}, classify: () => ({ name: 'unknown' }) }),
}
