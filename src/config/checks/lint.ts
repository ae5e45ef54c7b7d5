import type { CheckContext } from './check-context.ts'
import { lintExactPaths } from './exact-paths.ts'
import { lintUpstreams } from './insecure-upstreams.ts'
import { lintLiterals } from './literal-secrets.ts'
import { lintMistypedValues } from './mistyped-values.ts'
import { lintServer } from './open-listeners.ts'
import { lintOpenUpstreams } from './open-upstreams.ts'
import { lintOtherKinds } from './other-kinds.ts'
import { lintKinds } from './overlapping-prefixes.ts'
import { lintPatternsAsTexts } from './patterns-as-texts.ts'
import { lintShadowedRoutes } from './shadowed-routes.ts'
import { lintPatterns } from './unanchored-patterns.ts'
import { lintUnused } from './unused.ts'

const LINTS: readonly ((context: CheckContext) => void)[] = [
  lintServer,
  lintKinds,
  lintUpstreams,
  lintOpenUpstreams,
  lintLiterals,
  lintPatterns,
  lintPatternsAsTexts,
  lintMistypedValues,
  lintExactPaths,
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
