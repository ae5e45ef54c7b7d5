import type { SecretListener } from '../credentials/secrets/tell.ts'
import type { Logger } from '../observability/logger.ts'
import type { Snapshot, SnapshotStore } from '../routing/snapshot.ts'

/** Logs what can't be used, once, by its name and reason, and once more when it can. */
export function createSecretLog(log: Logger): SecretListener {
  return {
    onSecret(name, reason) {
      if (reason === null) log.info({ secret: name }, 'secret can be used again')
      else log.warn({ secret: name, reason }, 'secret cannot be used')
    },
    onClient(name, reason) {
      if (reason === null) log.info({ client: name }, 'client tokens can be used again')
      else log.warn({ client: name, reason }, 'client tokens cannot be used')
    },
  }
}

/** Reads all secrets and clients' files now and after each reload, so that what can't be used is told before a request needs it. */
export function tellOfSecrets(store: SnapshotStore): void {
  const readAll = ({ secrets, clients }: Snapshot): void => {
    secrets.problems()
    clients.problems()
  }
  readAll(store.current)
  store.onSwap(readAll)
}
