import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { ReloadResult } from './reload.ts'

/** One reload that came to something. */
export interface PastReload {
  /** ISO 8601. */
  readonly time: string
  readonly outcome: ReloadResult['outcome']
  readonly generation: number
  readonly changes: readonly string[]
  readonly needsRestart: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/** The latest reloads, and how the file on disk stands to what runs. */
export interface ReloadHistory {
  readonly add: (result: ReloadResult) => void
  /** The latest first. */
  readonly list: () => readonly PastReload[]
  /** When what runs was made live, as ISO 8601. */
  readonly since: () => string
  /** Why the file on disk does not run; null: it does. */
  readonly refused: () => PastReload | null
}

const KEPT = 50
/** Findings and changes that are kept of each. */
const KEPT_LINES = 100

/** Creates the history of a configuration that is live from now on. */
export function createReloadHistory(now: () => Date = () => new Date()): ReloadHistory {
  const past: PastReload[] = []
  let since = now().toISOString()
  let refused: PastReload | null = null
  return {
    add({ outcome, generation, changes, needsRestart, diagnostics }) {
      if (outcome === 'unchanged') return
      const time = now().toISOString()
      const reload: PastReload = {
        time,
        outcome,
        generation,
        changes: changes.slice(0, KEPT_LINES),
        needsRestart,
        diagnostics: diagnostics.slice(0, KEPT_LINES),
      }
      past.unshift(reload)
      if (past.length > KEPT) past.pop()
      if (outcome === 'applied') since = time
      refused = outcome === 'applied' || outcome === 'restored' ? null : reload
    },
    list: () => past,
    since: () => since,
    refused: () => refused,
  }
}
