import type { SecretListener } from '../credentials/secrets/tell.ts'
import type { Logger } from '../observability/logger.ts'
import type { Snapshot, SnapshotStore } from '../routing/snapshot.ts'

/** What is told of secrets, by whichever process sees it first. */
export interface SecretLog extends SecretListener {
  /** Has what can't be used told once more. */
  readonly begin: () => void
}

/** Logs what can't be used, once, by its name and reason, and once more when it can. */
export function createSecretLog(log: Logger): SecretLog {
  const told = new Map<string, string>()
  const isNews = (what: string, reason: string | null): boolean => {
    const known = told.get(what) ?? null
    if (reason === null) told.delete(what)
    else told.set(what, reason)
    return reason !== known
  }
  return {
    begin: () => told.clear(),
    onSecret(name, reason) {
      if (!isNews(`secret ${name}`, reason)) return
      if (reason === null) log.info({ secret: name }, 'secret can be used again')
      else log.warn({ secret: name, reason }, 'secret cannot be used')
    },
    onClient(name, reason) {
      if (!isNews(`client ${name}`, reason)) return
      if (reason === null) log.info({ client: name }, 'client tokens can be used again')
      else log.warn({ client: name, reason }, 'client tokens cannot be used')
    },
  }
}

/** How often what nobody asks for is looked at. */
const LOOK_MS = 1_000

/**
 * Reads all secrets and clients' files now and after each reload, so that what can't be used is
 * told before a request needs it.
 */
export function tellOfSecrets(store: SnapshotStore, { begin }: Pick<SecretLog, 'begin'>): void {
  readAll(store.current)
  store.onSwap((next) => {
    begin()
    readAll(next)
  })
}

/** Goes on reading them, as their files may go at any time; returns what stops it. */
export function watchSecrets(store: SnapshotStore): () => void {
  const timer = setInterval(() => readAll(store.current), LOOK_MS).unref()
  return () => clearInterval(timer)
}

function readAll({ secrets, clients }: Snapshot): void {
  secrets.problems()
  clients.problems()
}
