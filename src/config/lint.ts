import type { CheckContext } from './check-context.ts'
import { lintKinds } from './lint/kinds.ts'
import { lintLiterals } from './lint/literals.ts'
import { lintOtherKinds } from './lint/other-kinds.ts'
import { lintPatterns } from './lint/patterns.ts'
import { lintServer } from './lint/server.ts'
import { lintShadowedRoutes } from './lint/shadowed-routes.ts'
import { lintUnused } from './lint/unused.ts'
import { lintUpstreams } from './lint/upstreams.ts'

const LINTS: readonly ((context: CheckContext) => void)[] = [
  lintServer,
  lintKinds,
  lintUpstreams,
  lintLiterals,
  lintPatterns,
  lintOtherKinds,
  lintShadowedRoutes,
]

/** What lint looks at. */
export interface LintContext extends CheckContext {
  /** Whether the file has no errors: only then is something surely not used. */
  readonly isWhole: boolean
}

/** Finds what is allowed, but seldom meant. */
export function lint(context: LintContext): void {
  for (const look of LINTS) look(context)
  if (context.isWhole) lintUnused(context)
}
