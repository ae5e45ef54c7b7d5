import { configLimitBytes } from '../config/load.ts'
import { formatDiagnostic } from '../config/diagnostics/format-diagnostic.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { createKeyRests } from '../credentials/secrets/key-rests.ts'
import { createSecretStates } from '../credentials/secrets/secret-states.ts'
import type { SecretListener } from '../credentials/secrets/tell.ts'
import { fileErrorOf } from '../files/file-error.ts'
import { readStartInTime } from '../files/read-file.ts'
import { type CompileOptions, compileBeside } from '../loading/compile-snapshot.ts'
import type { Logger } from '../observability/logger.ts'
import type { Metrics } from '../observability/metrics/create-metrics.ts'
import { readTelemetrySettings } from '../observability/telemetry/settings.ts'
import { createFileReloader, type FileReloader } from '../reload/file-reloader.ts'
import type { LogDecisions } from '../reload/log-decisions.ts'
import type { Agree, Compile, ReloadResult } from '../reload/reload.ts'
import { withShadow } from '../reload/shadow.ts'
import { createShadowLog } from '../reload/shadow-log.ts'
import { createSnapshotStore } from '../reload/snapshot-store.ts'
import type { OnDifference } from '../routing/decide/explain/shadow.ts'
import type { Snapshot, SnapshotStore } from '../routing/snapshot.ts'
import { createObserver, type Observer } from './admin/observer.ts'
import { ConfigurationError } from './errors.ts'
import { liveNames } from './live-names.ts'
import { readVersion } from './read-version.ts'
import { wakeUp } from './rest-until-asked.ts'
import { createSecretLog, type SecretLog, tellOfSecrets, watchSecrets } from './secret-log.ts'

type Print = (diagnostics: readonly Diagnostic[]) => void

/** What openConfig builds from; the keys mean what they mean for createKeyway. */
export interface LiveConfigOptions {
  readonly config: string
  readonly shadow?: string | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly log: Logger
  readonly print?: Print
  /** What to begin with, where it is not the file's content now. */
  readonly first?: FirstText
  /** `nobody`: neither metrics nor events are kept, whatever the file says of an admin listener. */
  readonly shownTo?: 'nobody'
  readonly agree?: Agree
  /** Hears of secrets that can't be used; default: the log. */
  readonly secretListener?: SecretListener
}

/** A text with the generation that it is. */
export interface FirstText {
  readonly text: string
  readonly generation: number
}

/** The configuration as its file says, now and later. */
export interface LiveConfig {
  readonly store: SnapshotStore
  /** null: there is no admin listener to show them. */
  readonly metrics: Metrics | null
  /** null: there is no admin listener to show it. */
  readonly observer: Observer | null
  /** Tells of secrets that can't be used, each once. */
  readonly secretLog: SecretListener
  /** What the live snapshot was compiled from. */
  readonly first: FirstText
  readonly compile: Compile
  /** Reads the file anew, changed or not; never throws. */
  reload(): Promise<ReloadResult>
  /** Follows the files from now on; returns what stops it. */
  watch(pollMs?: number): () => void
  /** Follows the shadow's file alone. */
  watchShadow(pollMs?: number): () => void
}

/** A longer text takes so long at a start that optimized code pays. */
const START_CHARACTERS = 8 * 1024

/** Loads the file, and the shadow where there is one; throws ConfigurationError where one is bad. */
export async function openConfig(options: LiveConfigOptions): Promise<LiveConfig> {
  const { config: file, shadow: shadowFile, env = process.env, log, print = () => {} } = options
  const rests = createKeyRests()
  const states = createSecretStates()
  const secretLog = createSecretLog(log)
  const listener = options.secretListener ?? secretLog
  const limitBytes = configLimitBytes(env)
  const compileAs = (name: string): Compile =>
    compileAwake(name, { catalogue: loadCatalogue(), env, rests, states, listener })
  const shadow =
    shadowFile === undefined
      ? null
      : await openShadow(shadowFile, compileAs(shadowFile), { log, print, limitBytes })
  let metrics: Metrics | null = null
  const logDifference = createShadowLog(log)
  const onDifference: OnDifference = (differences, live, request) => {
    metrics?.onShadowDifference(differences.map(({ what }) => what))
    logDifference(differences, live, request)
  }
  const compile =
    shadow === null ? compileAs(file) : withShadow(compileAs(file), shadow.store, onDifference)
  const first = options.first ?? (await readFirst(file, limitBytes))
  const store = createSnapshotStore(await compileFirst(file, first, { compile, print }))
  followSwaps(store, log)
  // Of workers, their primary has told for all.
  if (options.first === undefined) tellOnce(store, { log, env, secretLog })
  // Its library takes time to load, which a start without an admin listener need not spend.
  const isShown = options.shownTo === undefined && store.current.config.server.admin !== null
  const isSent = options.shownTo === undefined && readTelemetrySettings(env)?.metrics
  if (isShown || isSent) metrics = await openMetrics(options, first)
  const observer = isShown ? createObserver() : null
  forgetGone(store, metrics, observer)
  const onReload = (result: ReloadResult): void => {
    metrics?.onReload(result.outcome, result.generation)
    observer?.onReload(result)
  }
  const { agree } = options
  const told = { agree, log, print, onReload }
  const reloader = createFileReloader({ file, store, compile, limitBytes, ...told })
  return {
    store,
    metrics,
    observer,
    secretLog,
    first,
    compile,
    reload: () => reloader.reload('request'),
    watch(pollMs) {
      const stops = [reloader.watch(pollMs), shadow?.reloader.watch(pollMs), watchSecrets(store)]
      return () => {
        for (const stop of stops) stop?.()
      }
    },
    watchShadow: (pollMs) => shadow?.reloader.watch(pollMs) ?? (() => {}),
  }
}

/** Compiles the texts of a file; what is more than a small start, by optimized code. */
function compileAwake(file: string, options: Omit<CompileOptions, 'generation'>): Compile {
  return (text, generation) => {
    if (generation > 1 || text.length > START_CHARACTERS) wakeUp()
    return compileBeside({ file, text }, { ...options, generation })
  }
}

/** Has the log written as the live file says. */
function followSwaps(store: SnapshotStore, log: Logger): void {
  log.configure?.(store.current.config.server.log)
  store.onSwap((next) => log.configure?.(next.config.server.log))
}

type LogSources = Required<Pick<LiveConfigOptions, 'log' | 'env'>>

/** Has the log told what a reload decides otherwise, and which secrets can't be used. */
function tellOnce(
  store: SnapshotStore,
  { secretLog, ...sources }: LogSources & { readonly secretLog: SecretLog },
): void {
  logDecisions(store, sources)
  tellOfSecrets(store, secretLog)
}

function logDecisions(store: SnapshotStore, sources: LogSources): void {
  let logged: Promise<LogDecisions> | null = null
  store.onSwap((next, previous) => {
    // Read only where something is reloaded: a start has no use for it.
    logged ??= import('../reload/log-decisions.ts').then((room) => room.createDecisionLog(sources))
    void logged.then((log) => log(previous, next))
  })
}

function forgetGone(
  store: SnapshotStore,
  metrics: Metrics | null,
  observer: Observer | null,
): void {
  if (metrics === null && observer === null) return
  store.onSwap(({ config }) => {
    const names = liveNames(config)
    metrics?.retain(names)
    observer?.traffic.retain(names)
  })
}

async function openMetrics(
  options: LiveConfigOptions,
  { generation }: FirstText,
): Promise<Metrics> {
  const { createMetrics } = await import('../observability/metrics/create-metrics.ts')
  // A worker is given its text: when it was loaded is its primary's to tell.
  const loadedAt = options.first === undefined ? Date.now() / 1000 : 0
  return createMetrics({ version: readVersion(), generation, loadedAt })
}

async function openShadow(
  file: string,
  compile: Compile,
  {
    limitBytes,
    ...told
  }: {
    readonly log: Logger
    readonly print: Print
    readonly limitBytes: number
  },
): Promise<{ readonly store: SnapshotStore; readonly reloader: FileReloader }> {
  const first = await readFirst(file, limitBytes)
  const { print } = told
  const store = createSnapshotStore(await compileFirst(file, first, { compile, print }))
  return { store, reloader: createFileReloader({ file, store, compile, limitBytes, ...told }) }
}

async function readFirst(file: string, limitBytes: number): Promise<FirstText> {
  // A program without types may leave it out.
  if (typeof file !== 'string')
    throw new TypeError('"config" names the configuration file, such as config/routes.yaml')
  const bytes = await readStartInTime(file, limitBytes).catch((error: unknown) => {
    throw new ConfigurationError(file, `${file}: ${fileErrorOf(error).message}`)
  })
  return { text: bytes.toString(), generation: 1 }
}

/** Whoever embeds it may print the message alone. */
function describeErrors(file: string, diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const shown = errors.slice(0, SHOWN_MOST).map(formatDiagnostic)
  const rest = errors.length - shown.length
  return [`${file} has errors`, ...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n')
}

const SHOWN_MOST = 5

async function compileFirst(
  file: string,
  { text, generation }: FirstText,
  { compile, print }: { readonly compile: Compile; readonly print: Print },
): Promise<Snapshot> {
  const { snapshot, diagnostics } = await compile(text, generation)
  if (snapshot === null)
    throw new ConfigurationError(file, describeErrors(file, diagnostics), diagnostics)
  if (diagnostics.length > 0) print(diagnostics)
  return snapshot
}
