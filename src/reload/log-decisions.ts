import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { NormalConfig } from '../config/shapes/normal-config.ts'
import { describeError } from '../observability/describe-error.ts'
import type { Logger } from '../observability/logger.ts'
import { type Comparison, compareSteps } from '../proof/changes/compare-worlds.ts'
import { DANGERS } from '../proof/changes/danger.ts'
import { nameOf } from '../proof/invariants/prove-invariant.ts'
import { createWorlds } from '../proof/world.ts'
import { inSlices } from '../routing/compile/steps.ts'

/** Routes of a file beyond which its decisions are not compared while it serves; `keyway diff` does. */
const ROUTES = 1000

/** What logging needs. */
export interface LogDecisionsOptions {
  readonly log: Logger
  readonly catalogue: Catalogue
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Logs in short what a reload changes for all requests: how many classes are decided otherwise, and
 * the worst. It is worked out in slices, beside the requests that are served; never throws. Requests
 * are not shown: they quote the file, which may hold what should not be in a log.
 */
export async function logDecisions(
  previous: NormalConfig,
  next: NormalConfig,
  generation: number,
  { log, ...sources }: LogDecisionsOptions,
): Promise<void> {
  if (Math.max(previous.routes.length, next.routes.length) > ROUTES) return
  try {
    const [before, after] = createWorlds(previous, next, sources)
    report(await inSlices(compareSteps(before, after)), generation, log)
  } catch (error) {
    log.error({ generation, error: describeError(error) }, 'comparing decisions failed')
  }
}

function report({ changes, doubts }: Comparison, generation: number, log: Logger): void {
  const [worst] = changes
  const undetermined = doubts.length
  if (worst === undefined && undetermined === 0) {
    log.debug({ generation }, 'no request is decided otherwise')
    return
  }
  const by = worst === undefined ? {} : { worst: DANGERS[worst.danger], by: nameOf(worst.by) }
  log.info({ generation, classes: changes.length, ...by, undetermined }, 'decisions changed')
}
