import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { CompiledFile } from '../loading/compile-snapshot.ts'
import { inSlices } from '../routing/compile/steps.ts'
import type { SnapshotStore } from '../routing/snapshot.ts'
import { contentHash } from './content-hash.ts'
import { changeSteps } from './diff.ts'
import { needsRestart } from './server-settings.ts'

/** Why a reload happens: the file changed (equal content does nothing), or someone asks for it. */
export type ReloadCause = 'change' | 'request'

/** What came of one reload. */
export interface ReloadResult {
  /**
   * applied: live now; unchanged: seen before; restored: the live one again, after one that was
   * refused. After the others the last good snapshot stays.
   */
  readonly outcome: 'applied' | 'unchanged' | 'restored' | 'refused' | 'unreadable' | 'failed'
  /** Generation that is live after it. */
  readonly generation: number
  readonly diagnostics: readonly Diagnostic[]
  /** What changed, in words. */
  readonly changes: readonly string[]
  /** Settings that differ from those this process started with, and are read only at start. */
  readonly needsRestart: readonly string[]
  /** What was thrown, where the outcome is failed or unreadable. */
  readonly error: unknown
}

/** Compiles a file's text. */
export type Compile = (text: string, generation: number) => CompiledFile | Promise<CompiledFile>

/** What createReload builds from. */
export interface ReloadOptions {
  readonly store: SnapshotStore
  /** Reads the whole file; null: missing or unreadable. */
  readonly read: () => Promise<string | null>
  readonly compile: Compile
  readonly agree?: Agree | undefined
}

/** Makes a text live wherever else it is served; rejects where it is live nowhere. */
export type Agree = (text: string, generation: number) => Promise<void>

/** Creates what reads the file, compiles it whole and makes it live in one assignment; it never throws. */
export function createReload(
  options: ReloadOptions,
): (cause: ReloadCause) => Promise<ReloadResult> {
  const { store, read, compile, agree } = options
  const started = store.current.config
  let lastHash = store.current.hash

  async function apply(text: string): Promise<ReloadResult> {
    const previous = store.current
    const { snapshot, diagnostics } = await compile(text, previous.generation + 1)
    if (snapshot === null) return result('refused', { diagnostics })
    if (agree !== undefined) await agree(text, snapshot.generation)
    store.swap(snapshot)
    return result('applied', {
      diagnostics,
      changes: await inSlices(changeSteps(previous.config, snapshot.config)),
      needsRestart: needsRestart(started, snapshot.config),
    })
  }

  function result(
    outcome: ReloadResult['outcome'],
    parts: Partial<ReloadResult> = {},
  ): ReloadResult {
    const { generation } = store.current
    return {
      generation,
      diagnostics: [],
      changes: [],
      needsRestart: [],
      error: null,
      ...parts,
      outcome,
    }
  }

  return async (cause) => {
    try {
      const text = await read()
      if (text === null) return result('unreadable')
      const hash = contentHash(text)
      const isSeen = hash === lastHash
      lastHash = hash
      if (cause === 'change' && isSeen) return result('unchanged')
      if (cause === 'change' && hash === store.current.hash) return result('restored')
      return await apply(text)
    } catch (error) {
      return result('failed', { error })
    }
  }
}
