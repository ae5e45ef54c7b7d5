import type { RouteLines } from '../config/diagnostics/route-lines.ts'
import type { KindScanner } from '../config/naming/kind-scanner.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import type { ClientRegistry } from '../credentials/secrets/clients.ts'
import type { SecretStore } from '../credentials/secrets/secret-store.ts'
import type { RouteTable } from './route-table.ts'

/** One compiled configuration. */
export interface Snapshot {
  /** Counts from 1; each applied reload adds one. */
  readonly generation: number
  /** First 12 hex digits of the SHA-256 of the file's bytes. */
  readonly hash: string
  /** The file's text. */
  readonly text: string
  /** Where its routes stand in it, in order. */
  readonly routeLines: readonly RouteLines[]
  readonly config: NormalConfig
  readonly table: RouteTable
  readonly secrets: SecretStore
  readonly clients: Pick<ClientRegistry, 'problems'>
  /** Finds credentials of the file's kinds in whatever is to be shown. */
  readonly scanner: KindScanner
}

/** Where requests read the live snapshot, and reloads put the next one. */
export interface SnapshotStore {
  readonly current: Snapshot
  /** Makes `next` live in one assignment, then tells the listeners. */
  swap(next: Snapshot): void
  /** Calls `listener` after each swap; returns what unsubscribes it. */
  onSwap(listener: (next: Snapshot, previous: Snapshot) => void): () => void
}
