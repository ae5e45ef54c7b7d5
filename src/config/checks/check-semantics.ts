import type { CheckContext } from './check-context.ts'
import { checkClients } from './clients.ts'
import { checkConditions } from './conditions.ts'
import { checkDuplicates } from './duplicates.ts'
import { checkElses } from './elses.ts'
import { checkFallbacks } from './fallbacks.ts'
import { checkHeaderOperations } from './header-operations.ts'
import { checkInvariants } from './invariants.ts'
import { checkKinds } from './kinds.ts'
import { checkLimits } from './limits.ts'
import { checkOwnAddress } from './own-address.ts'
import { checkPlacements } from './placements.ts'
import { checkReachability } from './reachability.ts'
import { checkReferences } from './references.ts'
import { checkRoutes } from './routes.ts'
import { checkSecrets } from './secrets.ts'
import { checkServer } from './server.ts'
import { checkTemplates } from './templates.ts'
import { checkUpstreams } from './upstreams.ts'

const CHECKS: readonly ((context: CheckContext) => void)[] = [
  checkServer,
  checkClients,
  checkSecrets,
  checkKinds,
  checkUpstreams,
  checkOwnAddress,
  checkDuplicates,
  checkReferences,
  checkRoutes,
  checkFallbacks,
  checkConditions,
  checkElses,
  checkPlacements,
  checkHeaderOperations,
  checkTemplates,
  checkLimits,
  checkInvariants,
  checkReachability,
]

/** Checks what the schema can't say: names, patterns, templates, headers, and rules that can't be reached. */
export function checkSemantics(context: CheckContext): void {
  for (const check of CHECKS) check(context)
}
