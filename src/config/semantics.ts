import type { CheckContext } from './check-context.ts'
import { checkConditions } from './semantics/conditions.ts'
import { checkDuplicates } from './semantics/duplicates.ts'
import { checkFallbacks } from './semantics/fallbacks.ts'
import { checkHeaderOperations } from './semantics/header-operations.ts'
import { checkKinds } from './semantics/kinds.ts'
import { checkPlacements } from './semantics/placements.ts'
import { checkReachability } from './semantics/reachability.ts'
import { checkReferences } from './semantics/references.ts'
import { checkRoutes } from './semantics/routes.ts'
import { checkSecrets } from './semantics/secrets.ts'
import { checkServer } from './semantics/server.ts'
import { checkTemplates } from './semantics/templates.ts'
import { checkUpstreams } from './semantics/upstreams.ts'

const CHECKS: readonly ((context: CheckContext) => void)[] = [
  checkServer,
  checkSecrets,
  checkKinds,
  checkUpstreams,
  checkDuplicates,
  checkReferences,
  checkRoutes,
  checkFallbacks,
  checkConditions,
  checkPlacements,
  checkHeaderOperations,
  checkTemplates,
  checkReachability,
]

/** Checks what the schema can't say: names, patterns, templates, headers, and rules that can't be reached. */
export function checkSemantics(context: CheckContext): void {
  for (const check of CHECKS) check(context)
}
