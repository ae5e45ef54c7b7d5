import { expect, test } from 'vitest'
import { boundWorkers } from '../../../src/commands/serving/bound-workers.ts'
import type { LogFields } from '../../../src/observability/logger.ts'

test.each([
  { asked: 1, processors: 1, workers: 1, warned: [] },
  { asked: 4, processors: 4, workers: 4, warned: [] },
  { asked: 5, processors: 4, workers: 5, warned: [{ asked: 5, workers: 5, processors: 4 }] },
  {
    asked: 1000,
    processors: 2,
    workers: 16,
    warned: [{ asked: 1000, workers: 16, processors: 2 }],
  },
])('$asked workers on $processors processors', ({ asked, processors, workers, warned }) => {
  const lines: LogFields[] = []
  const log = { warn: (fields: LogFields): void => void lines.push(fields) }
  expect(boundWorkers(asked, processors, log)).toBe(workers)
  expect(lines).toEqual(warned)
})
