import { createMask } from '../../config/diagnostics/mask.ts'
import { mergeKinds } from '../../config/normalize/merge-kinds.ts'
import type { Diagnostic } from '../../config/shapes/diagnostic.ts'
import { loadCatalogue } from '../../credentials/catalogue.ts'
import type { PastReload } from '../../reload/reload-history.ts'
import type { LiveConfig } from '../open-config.ts'
import type { Observer } from './observer.ts'

/** A route and its rules with the lines they stand on; a provider's own rules stand on none. */
export interface PlacedRoute {
  readonly route: string
  readonly line: number | null
  readonly rules: readonly { readonly rule: string; readonly line: number | null }[]
}

/** The configuration as /config tells it. */
export interface ConfigView {
  /** What runs. */
  readonly live: {
    readonly file: string
    readonly generation: number
    readonly hash: string
    /** ISO 8601. */
    readonly since: string
    /** Masked: what looks like a credential is not shown. */
    readonly text: string
    /** Where each rule stands, so that its hits can be told beside it. */
    readonly routes: readonly PlacedRoute[]
  }
  /** What stands on disk where it does not run, and why; null: what stands there runs. */
  readonly disk: Omit<PastReload, 'generation'> | null
  /** The latest first. */
  readonly reloads: readonly PastReload[]
}

/** Describes what runs, and what was refused. */
export function describeConfig(
  file: string,
  { store }: LiveConfig,
  { history }: Observer,
): ConfigView {
  const { generation, hash, text, config, routeLines } = store.current
  const mask = createMask(mergeKinds(loadCatalogue().kinds, config.kinds))
  return {
    live: {
      file,
      generation,
      hash,
      since: history.since(),
      text: mask(text),
      routes: config.routes.map(({ name, rules }, route) => ({
        route: name,
        line: routeLines[route]?.line ?? null,
        rules: rules.map((rule, index) => ({
          rule: rule.name,
          line: routeLines[route]?.rules[index] ?? null,
        })),
      })),
    },
    disk: history.refused(),
    reloads: history.list(),
  }
}

/** A reload's outcome as the answer to whoever asked for it. */
export function describeReload(result: {
  readonly outcome: string
  readonly generation: number
  readonly changes: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}): Record<string, unknown> {
  const { outcome, generation, changes, diagnostics } = result
  return { outcome, generation, changes, diagnostics }
}
