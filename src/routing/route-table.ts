import type { Decision } from './decide/decision.ts'
import type { Explanation } from './decide/explain/explain.ts'
import type { RequestView } from './rules/request-view.ts'
import type { TableUpstream } from './table-upstream.ts'

/** One compiled configuration's routes; immutable. */
export interface RouteTable {
  readonly decide: (request: RequestView) => Decision
  /** The same decision with every step that led to it. */
  readonly explain: (request: RequestView) => Explanation
  readonly upstreams: readonly TableUpstream[]
  /** Whether `server.trust` names an address. */
  readonly isTrusted: (address: string) => boolean
  /** The client's address: the peer's, or the one that a trusted peer names. */
  readonly clientIp: (request: RequestView) => string
}
