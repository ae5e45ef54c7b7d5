import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { type LoadResult, loadConfig } from '../config/load.ts'
import { mergeKinds } from '../config/normalize/merge-kinds.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { createKindTeller } from '../credentials/kind-teller.ts'
import { createClientRegistry } from '../credentials/secrets/clients.ts'
import type { KeyRests } from '../credentials/secrets/key-rests.ts'
import type { SecretStates } from '../credentials/secrets/secret-states.ts'
import { createSecretStore } from '../credentials/secrets/secret-store.ts'
import type { SecretListener } from '../credentials/secrets/tell.ts'
import { compileTable } from '../routing/compile/compile-table.ts'
import { atOnce, inSlices, type Steps } from '../routing/compile/steps.ts'
import type { Snapshot } from '../routing/snapshot.ts'
import { loadBeside } from './load-beside.ts'

/** A configuration file's content. */
export interface ConfigSource {
  /** Its name, for diagnostics; relative files in it start from its folder. */
  readonly file: string
  readonly text: string
}

/** What a snapshot is compiled with. */
export interface CompileOptions {
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
  readonly generation: number
  /** Stands in for the secrets' sources, so that tests and explain run where the secrets are not. */
  readonly readSecret?: (name: string) => string | null
  /** Which pooled keys rest, kept from one configuration to the next. */
  readonly rests?: KeyRests
  /** Hears of secrets and clients' files that can't be used, and when they can again. */
  readonly listener?: SecretListener
  /** Since when secrets' sources can be used; default: from their first look on. */
  readonly states?: SecretStates
  /** Stands in for the clients' tokens; `identify` looks among the real ones. */
  readonly identifyClient?: (
    token: string,
    clients: NormalConfig['clients'],
    identify: (token: string) => string | null,
  ) => string | null
}

/** One file's content, compiled. */
export interface CompiledFile {
  /** null iff a diagnostic is an error. */
  readonly snapshot: Snapshot | null
  readonly diagnostics: readonly Diagnostic[]
}

/** Compiles a file's text into a snapshot, for those who look at it: its invariants are not proved. */
export function compileSnapshot(source: ConfigSource, options: CompileOptions): CompiledFile {
  return atOnce(snapshotSteps(source, loadConfig(source, options), options))
}

/** Does the same; a long text is read in a thread, and whoever asks may do something else meanwhile. */
export async function compileMeanwhile(
  source: ConfigSource,
  options: CompileOptions,
): Promise<CompiledFile> {
  const loaded = await loadBeside(source, options.env, 'nothing')
  return atOnce(snapshotSteps(source, loaded, options))
}

/** Does the same, proves its invariants too, and does so beside the requests that are served meanwhile: none of them waits for it. */
export async function compileBeside(
  source: ConfigSource,
  options: CompileOptions,
): Promise<CompiledFile> {
  return inSlices(snapshotSteps(source, await loadBeside(source, options.env), options))
}

function* snapshotSteps(
  source: ConfigSource,
  { config, diagnostics, routeLines }: LoadResult,
  options: CompileOptions,
): Steps<CompiledFile> {
  if (config === null) return { snapshot: null, diagnostics }
  const hash = createHash('sha256').update(source.text).digest('hex').slice(0, 12)
  const parts = yield* configSteps(config, dirname(source.file), options)
  const { generation } = options
  return {
    snapshot: { generation, hash, text: source.text, routeLines, config, ...parts },
    diagnostics,
  }
}

function* configSteps(
  config: NormalConfig,
  baseDir: string,
  options: CompileOptions,
): Steps<Pick<Snapshot, 'table' | 'secrets' | 'clients' | 'scanner'>> {
  const { catalogue, env, rests, states, listener, readSecret, identifyClient } = options
  const kinds = mergeKinds(catalogue.kinds, config.kinds)
  const teller = createKindTeller(kinds)
  const secrets = createSecretStore(config.secrets, {
    baseDir,
    env,
    classify: teller.classify,
    ...(rests && { rests }),
    ...(states && { states }),
    ...(listener && { listener }),
  })
  const clients = createClientRegistry(config.clients, { baseDir, ...(listener && { listener }) })
  const table = yield* compileTable(config, {
    catalogue,
    env,
    teller,
    readSecret: readSecret ?? secrets.read,
    secretRetryAfterMs: secrets.retryAfterMs,
    identifyClient: identifyClient
      ? (token) => identifyClient(token, config.clients, clients.identify)
      : clients.identify,
  })
  return { table, secrets, clients, scanner: teller.scanner }
}
