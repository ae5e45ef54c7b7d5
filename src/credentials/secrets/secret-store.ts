import type { NormalSecret, SecretSource } from '../../config/shapes/normal-config.ts'
import { createKeyRests, type KeyRests } from './key-rests.ts'
import { createSecretPool, type KeyRest, type SecretPool } from './secret-pool.ts'
import { openSecretSource, type SecretReading, type SecretSourceOptions } from './secret-source.ts'
import { createSecretStates, type SecretStates } from './secret-states.ts'
import { noteState, type SecretListener, tellOnce } from './tell.ts'
import { tokenExpiry } from './token-expiry.ts'

/** The operator's secrets, read from their sources when they are needed. */
export interface SecretStore {
  /** The secret as it is now, of a pool the next key in turn; null: there is none to use, so fail closed. */
  readonly read: (name: string) => string | null
  /** Puts a pool's key on cool-down, for `retryAfterMs` or the pool's own time; does nothing for other secrets. */
  readonly rest: (name: string, value: string, retryAfterMs: number | null) => KeyRest | null
  /** Until a key of a pool may be used again, where all that could be used rest; else null. */
  readonly retryAfterMs: (name: string) => number | null
  /** Each secret as it is now; holds no values. */
  readonly describe: () => readonly SecretStatus[]
  /** What can't be used now, and why; holds no values. */
  readonly problems: () => readonly SecretProblem[]
}

/** One secret at one moment. */
export interface SecretStatus {
  readonly name: string
  readonly isPool: boolean
  /** One, or a pool's keys in order. */
  readonly keys: readonly KeyStatus[]
}

export interface KeyStatus {
  /** Such as `file /run/secrets/key` or `env OPENAI_API_KEY`. */
  readonly source: string
  /** Why it can't be used; null: it can. */
  readonly reason: string | null
  /** Milliseconds until it may be used again; 0: it does not rest. */
  readonly restsMs: number
  /** Since when it can be used, or can't, as far as this process has looked; ISO 8601. */
  readonly since: string | null
  /** When it ends, where it says so itself; ISO 8601. */
  readonly expires: string | null
}

export interface SecretProblem {
  /** The secret's name; of a pool's key `NAME[INDEX]`. */
  readonly name: string
  readonly reason: string
}

export interface SecretStoreOptions extends Omit<SecretSourceOptions, 'isPooled'> {
  /** Which keys of pools rest; given from outside, it outlives a reload. Default: one of its own. */
  readonly rests?: KeyRests
  /** Since when sources can be used; given from outside, it outlives a reload. Default: one of its own. */
  readonly states?: SecretStates
  /** Hears of what can't be used, at its first failure, and when it can again. */
  readonly listener?: SecretListener
}

/** Opens the secrets of a configuration; files are read only when a secret is. */
export function createSecretStore(
  secrets: readonly NormalSecret[],
  options: SecretStoreOptions,
): SecretStore {
  const { rests = createKeyRests(), states = createSecretStates(), ...sources } = options
  const opened = new Map(
    secrets.map((secret) => [secret.name, openSecret(secret, { ...sources, rests, states })]),
  )
  return {
    read: (name) => opened.get(name)?.read() ?? null,
    rest: (name, value, retryAfterMs) => opened.get(name)?.rest(value, retryAfterMs) ?? null,
    retryAfterMs: (name) => opened.get(name)?.retryAfterMs() ?? null,
    describe: () => [...opened.values()].map((secret) => secret.describe()),
    problems: () => [...opened.values()].flatMap((secret) => secret.problems()),
  }
}

type OpenOptions = SecretStoreOptions & Required<Pick<SecretStoreOptions, 'rests' | 'states'>>

interface OpenSecret extends SecretPool {
  readonly describe: () => SecretStatus
  readonly problems: () => readonly SecretProblem[]
}

function openSecret(
  secret: NormalSecret,
  { listener, rests, states, ...options }: OpenOptions,
): OpenSecret {
  const { sources, isPool: isPooled, cooldownMs } = secret
  const keys = sources.map((source, index) => {
    const read = openSecretSource(source, { ...options, isPooled })
    const noted = noteState(read, (reason) => states.note(sourceName(source), reason))
    return tellOnce(noted, (reason) => listener?.onSecret(keyName(secret, index), reason))
  })
  const problems = (): readonly SecretProblem[] => listProblems(secret, keys)
  const describe = (): SecretStatus => describeSecret(secret, keys, { rests, states })
  if (isPooled) return { ...createSecretPool(keys, { cooldownMs, rests }), problems, describe }
  const read = (): string | null => keys[0]?.().value ?? null
  return { read, rest: () => null, retryAfterMs: () => null, problems, describe }
}

function sourceName(source: SecretSource): string {
  return 'file' in source ? `file ${source.file}` : `env ${source.env}`
}

function describeSecret(
  { name, isPool, sources }: NormalSecret,
  keys: readonly (() => SecretReading)[],
  { rests, states }: Pick<OpenOptions, 'rests' | 'states'>,
): SecretStatus {
  return {
    name,
    isPool,
    keys: sources.map((source, index) => {
      const { value, reason } = keys[index]?.() ?? { value: null, reason: null }
      return {
        source: sourceName(source),
        reason,
        restsMs: value === null ? 0 : Math.ceil(rests.waitMs(value)),
        since: states.since(sourceName(source)),
        expires: value === null ? null : tokenExpiry(value),
      }
    }),
  }
}

function listProblems(
  secret: NormalSecret,
  keys: readonly (() => SecretReading)[],
): readonly SecretProblem[] {
  return keys.flatMap((key, index) => {
    const { reason } = key()
    return reason === null ? [] : [{ name: keyName(secret, index), reason }]
  })
}

function keyName({ name, isPool }: NormalSecret, index: number): string {
  return isPool ? `${name}[${index}]` : name
}
