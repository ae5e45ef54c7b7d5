import type { SnapshotStore } from '../routing/snapshot.ts'
import { inTurn } from './in-turn.ts'
import { readStable } from './read-stable.ts'
import {
  type Agree,
  type Compile,
  createReload,
  type ReloadCause,
  type ReloadResult,
} from './reload.ts'
import { type ReportOptions, reportReload } from './report-reload.ts'
import { watchFile } from './watch-file.ts'

/** Keeps a store's snapshot at what a file says. */
export interface FileReloader {
  /** Reloads in turn and tells of it; never throws. */
  reload(cause: ReloadCause): Promise<ReloadResult>
  /** Reloads after each change from now on; returns what stops it. */
  watch(pollMs?: number): () => void
}

/** What createFileReloader builds from. */
export interface FileReloaderOptions extends ReportOptions {
  readonly store: SnapshotStore
  readonly compile: Compile
  readonly agree?: Agree | undefined
  /** Bytes that the file may have. */
  readonly limitBytes: number
}

/** Creates what keeps the store at the file: reads it until it is stable, compiles, swaps, reports. */
export function createFileReloader(options: FileReloaderOptions): FileReloader {
  const { file, store, compile, agree, limitBytes } = options
  let lastError: unknown = null
  const onError = (error: unknown): void => {
    lastError = error
  }
  const read = async (): Promise<string | null> =>
    (await readStable(file, { limitBytes, onError }))?.toString() ?? null
  const attempt = createReload({ store, read, compile, agree })
  const reload = inTurn(async (cause: ReloadCause) => {
    const attempted = await attempt(cause)
    const isUnreadable = attempted.outcome === 'unreadable'
    const result = isUnreadable ? { ...attempted, error: lastError } : attempted
    reportReload(result, options)
    return result
  })
  return {
    reload,
    watch(pollMs) {
      const stop = watchFile(file, () => void reload('change'), pollMs)
      // What changed between the first load and the watcher's first look would else be missed.
      void reload('change')
      return stop
    },
  }
}
