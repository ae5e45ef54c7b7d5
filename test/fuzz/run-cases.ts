import type { Findings } from './findings.ts'
import type { ForkedKeyway } from './fork-keyway.ts'
import type { RunOptions } from './options.ts'

/** How far a run came. */
export interface RunCount {
  readonly cases: number
  readonly seconds: number
}

/** Runs cases side by side until count, time, a crash or too many findings end the run. */
export async function runCases(
  options: RunOptions,
  keyway: ForkedKeyway,
  findings: Findings,
  run: (index: number) => Promise<void>,
): Promise<RunCount> {
  const began = performance.now()
  const last = options.from + options.count
  let next = options.from
  const isOver = (): boolean =>
    next >= last ||
    performance.now() - began > options.durationMs ||
    keyway.crash() !== null ||
    findings.count() > 5_000
  const work = async (): Promise<void> => {
    while (!isOver()) await run(next++)
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  return { cases: next - options.from, seconds: (performance.now() - began) / 1_000 }
}

const SETTLE_MS = 15_000

/** Looks after a run whether Keyway lives, is idle again, and has logged no credential. */
export async function checkAfterwards(keyway: ForkedKeyway, findings: Findings): Promise<void> {
  const crash = keyway.crash()
  if (crash !== null) return findings.add('the process ended', null, crash)
  const until = performance.now() + SETTLE_MS
  let stats = await keyway.stats()
  while ((stats.inFlight > 0 || stats.connections > 0) && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    stats = await keyway.stats()
  }
  if (stats.inFlight > 0) findings.add('requests stay under way', null, JSON.stringify(stats))
  if (stats.connections > 0) findings.add('connections stay open', null, JSON.stringify(stats))
  for (const leak of keyway.leaks) findings.add('a credential in the log', null, leak)
}
