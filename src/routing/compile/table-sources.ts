import type { Share } from '../../config/normalize/share.ts'
import type { Catalogue } from '../../config/shapes/catalogue.ts'
import type { NormalConfig } from '../../config/shapes/normal-config.ts'
import type { KindTeller } from '../../credentials/kind-teller.ts'
import type { TemplateSources } from '../rules/template.ts'
import type { TableUpstream } from '../table-upstream.ts'

/** What a table is compiled with beside the configuration. */
export interface TableSources extends TemplateSources {
  readonly catalogue: Catalogue
  readonly teller: KindTeller
  /** How long until a secret whose keys all rest can be had again; null: nobody knows. */
  readonly secretRetryAfterMs: (name: string) => number | null
  /** The name of the client that a token belongs to; null: nobody's. */
  readonly identifyClient: (token: string) => string | null
}

/** What compiling a route looks things up in. */
export interface RouteSources {
  readonly config: NormalConfig
  readonly upstreams: ReadonlyMap<string, TableUpstream>
  readonly table: TableSources
  readonly share: Share
}
