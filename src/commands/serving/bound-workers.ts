import type { Logger } from '../../observability/logger.ts'

/** Processes that one processor is shared by at most. */
const WORKERS_A_PROCESSOR = 8

/** How many workers are started for so many that were asked for: more than processors are warned of, many more would take the machine down. */
export function boundWorkers(asked: number, processors: number, log: Pick<Logger, 'warn'>): number {
  const workers = Math.min(asked, WORKERS_A_PROCESSOR * processors)
  if (asked > processors) log.warn({ asked, workers, processors }, 'more workers than processors')
  return workers
}
