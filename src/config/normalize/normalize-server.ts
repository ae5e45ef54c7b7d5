import { asciiHost } from '../../http/target/ascii-host.ts'
import { parseAddress } from '../language/address.ts'
import { parsePlace } from '../language/place.ts'
import { parseDuration, parseSize } from '../language/units.ts'
import type { Clients, Server } from '../shapes/config.generated.ts'
import type {
  NormalAddress,
  NormalClients,
  NormalListen,
  NormalLog,
  NormalServer,
  SecretSource,
  ServerLimits,
} from '../shapes/normal-config.ts'

/** Where Keyway listens unless the file says otherwise. */
export const DEFAULT_LISTEN = '127.0.0.1:8080'

/** Where health and metrics are served unless the file says otherwise. */
export const DEFAULT_ADMIN = '127.0.0.1:9901'

/** Fills in the server's defaults. */
export function normalizeServer(server: Server): NormalServer {
  const { admin = DEFAULT_ADMIN } = server
  const adminAddress = typeof admin === 'string' ? admin : admin.listen
  return {
    listen: normalizeListen(server.listen ?? DEFAULT_LISTEN),
    admin: adminAddress === 'off' ? null : address(adminAddress),
    adminToken: typeof admin === 'string' ? null : ((admin.token ?? null) as SecretSource | null),
    trust: server.trust ?? [],
    origins: (server.origins ?? []).map(originAsSent),
    hosts: (server.hosts ?? []).map((host) => host.toLowerCase()),
    via: server.via ?? null,
    underscores: server.underscores ?? 'drop',
    hasAccessLog: server.accessLog ?? false,
    trace: server.trace ?? 'pass',
    log: normalizeLog(server.log ?? {}),
    limits: normalizeServerLimits(server.limits ?? {}),
    store: server.store
      ? { redis: server.store.redis, isOpenWhenAway: server.store.away === 'open' }
      : null,
  }
}

function normalizeListen(listen: NonNullable<Server['listen']>): NormalListen {
  if (typeof listen === 'string') return { address: address(listen), tls: null }
  return { address: address(listen.address), tls: listen.tls ?? null }
}

function normalizeLog({ level, format, sample }: NonNullable<Server['log']>): NormalLog {
  return {
    level: level ?? null,
    format: format ?? null,
    sample: Math.min(1, Number.parseFloat(sample ?? '100%') / 100),
  }
}

function address(text: string): NormalAddress {
  const parsed = parseAddress(text)
  if (!parsed) throw new Error(`unchecked address ${text}`)
  return parsed
}

function normalizeServerLimits(limits: NonNullable<Server['limits']>): ServerLimits {
  return {
    headersBytes: parseSize(limits.headers ?? '16KiB'),
    headerFields: limits.headerFields ?? 100,
    headersTimeoutMs: parseDuration(limits.headersTimeout ?? '15s'),
    bodyBytes: parseSize(limits.body ?? '32MiB'),
    bodyIdleMs: parseDuration(limits.bodyIdle ?? '60s'),
    keepAliveMs: parseDuration(limits.keepAlive ?? '72s'),
    connections: limits.connections ?? 10_000,
    connectionsPerAddress: limits.connectionsPerAddress ?? null,
    requestsPerAddress: limits.requestsPerAddress ?? null,
    messageBytes: parseSize(limits.message ?? '16MiB'),
    keptBodiesBytes: parseSize(limits.keptBodies ?? '256MiB'),
    drainMs: parseDuration(limits.drain ?? '30s'),
  }
}

/** Where clients show their token unless the file says otherwise. */
export const DEFAULT_CLIENT_HEADER = 'x-keyway-token'

/** Fills in the defaults of client authentication. */
export function normalizeClients(clients: Clients): NormalClients {
  return {
    places: [clients.header ?? DEFAULT_CLIENT_HEADER].flat().map(parsePlace),
    isRequired: clients.required ?? true,
    isCounted: clients.metrics ?? false,
    preflight: clients.preflight ?? 'closed',
    tokens: Object.entries(clients.tokens).map(([name, { file }]) => ({ name, file })),
  }
}

/** An origin as browsers send it (RFC 6454 §6.2): in lower case and ASCII, without its scheme's own port. */
function originAsSent(written: string): string {
  const origin = written.toLowerCase()
  const [, scheme = '', host = '', port = ''] =
    /^([^:]+:\/\/)(\[[^\]]*\]|[^:]+)(:\d+)?$/.exec(origin) ?? []
  if (scheme === '') return origin
  return scheme + asciiHost(host) + (STANDARD_PORTS.has(scheme + port) ? '' : port)
}

const STANDARD_PORTS: ReadonlySet<string> = new Set(['http://:80', 'https://:443'])
