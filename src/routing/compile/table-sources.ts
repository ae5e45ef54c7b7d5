import type { Catalogue } from '../../config/shapes/catalogue.ts'
import type { NormalConfig, NormalKind } from '../../config/shapes/normal-config.ts'
import type { TemplateSources } from '../rules/template.ts'
import type { TableUpstream } from '../table-upstream.ts'
import type { Share } from './share.ts'

/** What a table is compiled with beside the configuration. */
export interface TableSources extends TemplateSources {
  readonly catalogue: Catalogue
  /** The kind of a credential's value; a kind named `unknown` where nothing fits. */
  readonly classify: (value: string) => NormalKind
  /** All kinds, the file's own included. */
  readonly kinds: readonly NormalKind[]
  /** How long until a secret whose keys all rest can be had again; null: nobody knows. */
  readonly secretRetryAfterMs: (name: string) => number | null
  /** The name of the client that a token belongs to; null: nobody's. */
  readonly identifyClient: (token: string) => string | null
}

/** What compiling a route looks things up in. */
export interface RouteSources {
  readonly config: NormalConfig
  readonly upstreams: ReadonlyMap<string, TableUpstream>
  readonly sources: TableSources
  readonly share: Share
}
