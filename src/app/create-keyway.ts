import { dirname } from 'node:path'
import { type AdminServer, createAdminServer } from '../admin/admin-server.ts'
import type { Readiness } from '../admin/health.ts'
import type { ProcessStatus } from '../admin/process-status.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { NormalAddress, NormalKind, NormalServer } from '../config/shapes/normal-config.ts'
import { openSecretSource, type SecretReading } from '../credentials/secrets/secret-source.ts'
import { createFingerprint } from '../credentials/show/fingerprint.ts'
import { removeStaleSocket } from '../listening/stale-socket.ts'
import { createLogger, type Logger } from '../observability/logger.ts'
import type { ProxyServer } from '../proxy/listener/proxy-server.ts'
import type { ReloadResult } from '../reload/reload.ts'
import type { Snapshot } from '../routing/snapshot.ts'
import { createAdminInterface } from './admin/pages.ts'
import { readPrimaryStatus, readStatus } from './admin/process-status.ts'
import { createNotary, type LiveAudit, openAudit, watchAudit } from './audit.ts'
import { createLiveProxy, type LiveProxy, type LiveProxyOptions } from './create-proxy.ts'
import { ListenError } from './errors.ts'
import { liveNames } from './live-names.ts'
import { type LiveConfig, openConfig } from './open-config.ts'
import { openTelemetry } from './telemetry.ts'
import type { Crew } from './workers/crew.ts'

/** What createKeyway builds from. */
export interface KeywayOptions {
  /** The configuration file; relative names start from the working directory. */
  readonly config: string
  /** A second configuration file: every request is decided by it too, and acted on by the first alone. */
  readonly shadow?: string | undefined
  /** Default: the process's own. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Default: JSON lines to standard output. */
  readonly log?: Logger
  /** Takes the findings about each file that is loaded, the first one's warnings too; default: nobody does. */
  readonly print?: (diagnostics: readonly Diagnostic[]) => void
  /** How often the file is looked at; null: it is not live. Default: 200. */
  readonly pollMs?: number | null
  /** Processes that serve; with more than one, this process starts them and serves nothing itself. Default: 1. */
  readonly workers?: number
}

/** Where a started proxy can be reached. */
export interface KeywayAddresses {
  readonly proxy: NormalAddress
  /** null: turned off. */
  readonly admin: NormalAddress | null
}

/** A proxy with its configuration, its admin listener and its watcher. */
export interface Keyway {
  /** The live configuration. */
  readonly snapshot: Snapshot
  /** Listens, then watches the file; throws ListenError where an address can't be had. */
  start(): Promise<KeywayAddresses>
  /** Reads the file anew, changed or not; never throws. */
  reload(): Promise<ReloadResult>
  /** Takes no more requests, lets open ones finish for the file's drain time, then ends everything; called again, ends it now. */
  drain(): Promise<void>
}

/** Builds a proxy from a file; throws ConfigurationError where the file is bad. Nothing listens yet. */
export async function createKeyway(options: KeywayOptions): Promise<Keyway> {
  const { log = createLogger(), workers = 1 } = options
  const crew = workers > 1 ? (await import('./workers/crew.ts')).createCrew({ workers, log }) : null
  const live = await openConfig({ ...options, log, ...(crew && { agree: crew.agree }) })
  const { store } = live
  const { server } = store.current.config

  let phase: Readiness = 'starting'
  const readiness = (): Readiness =>
    phase === 'ready' && crew?.isWhole() === false ? 'starting' : phase
  const audit = await openAudit({ store, folder: dirname(options.config), log })
  if (live.metrics !== null) watchAudit(live.metrics, audit)
  const telemetry = await openTelemetry({ env: options.env ?? process.env, live, log })
  const tracing = telemetry?.tracing ?? null
  const proxy = crew
    ? crewAsProxy(crew, live, audit)
    : createOwnProxy({ live, log, tracing }, audit)
  const admin =
    server.admin &&
    createAdminServer({
      address: server.admin,
      readToken: openToken(server.adminToken, options),
      ...createAdminInterface({
        file: options.config,
        live,
        readiness,
        sumMetrics: crew?.metrics ?? null,
        statuses: proxy.statuses,
        reload: live.reload,
      }),
      log,
    })
  let stops: readonly (() => void)[] = []

  return {
    get snapshot() {
      return store.current
    },
    async start() {
      const addresses = await listen(server, proxy, admin)
      phase = 'ready'
      const { pollMs } = options
      if (pollMs !== null) stops = [live.watch(pollMs), proxy.watch(pollMs)]
      return addresses
    },
    reload: live.reload,
    async drain() {
      if (phase === 'draining') return proxy.drain(0)
      phase = 'draining'
      for (const stop of stops) stop()
      await proxy.drain(store.current.config.server.limits.drainMs)
      await admin?.close()
      await audit.close()
      await telemetry?.close()
    },
  }
}

/** What serves: this process, or its workers. */
interface Serving extends Pick<LiveProxy, 'listen' | 'drain' | 'watch'> {
  readonly statuses: () => Promise<readonly ProcessStatus[]>
}

function createOwnProxy(
  options: Pick<LiveProxyOptions, 'live' | 'log' | 'tracing'>,
  { note }: LiveAudit,
): Serving {
  const { live } = options
  const notary = createNotary(live.store, createFingerprint(), note)
  const proxy = createLiveProxy({ ...options, processes: 1, notary })
  return { ...proxy, statuses: async () => [readStatus(live, proxy)] }
}

function crewAsProxy(crew: Crew, live: LiveConfig, { note }: LiveAudit): Serving {
  const { observer, store } = live
  store.onSwap(({ config }) => crew.retain(liveNames(config)))
  crew.follow({
    onEvent: (event) => observer?.feed.relay(event),
    secrets: live.secretLog,
    note,
  })
  return {
    listen: () => crew.listen(live.first),
    drain: crew.drain,
    watch: () => () => {},
    statuses: async () => [...(await crew.statuses()), readPrimaryStatus(live)],
  }
}

/** The token is read anew each time, from the file's folder like every secret. */
function openToken(
  source: NormalServer['adminToken'],
  { config, env = process.env }: KeywayOptions,
): (() => SecretReading) | null {
  if (source === null) return null
  const classify = (): NormalKind => ({ name: 'unknown' })
  return openSecretSource(source, { env, baseDir: dirname(config), classify, isPooled: false })
}

// The admin listener comes first, so that whoever asks is told "starting" and not refused.
async function listen(
  server: NormalServer,
  proxy: Pick<ProxyServer, 'listen'>,
  admin: AdminServer | null,
): Promise<KeywayAddresses> {
  if (server.admin !== null) await removeStaleSocket(server.admin)
  const adminAddress = await admin?.listen().catch((error: unknown) => {
    throw new ListenError('server.admin', server.admin, error)
  })
  try {
    await removeStaleSocket(server.listen.address)
    return { proxy: await proxy.listen(), admin: adminAddress ?? null }
  } catch (error) {
    await admin?.close()
    throw new ListenError('server.listen', server.listen.address, error)
  }
}
