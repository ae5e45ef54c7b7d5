import { parseArgs } from 'node:util'

/** What a run is told on its command line. */
export interface RunOptions {
  readonly seed: number
  /** Cases to run; the run ends at the first of count and duration. */
  readonly count: number
  readonly durationMs: number
  /** First case. */
  readonly from: number
  readonly concurrency: number
  /** Prints each case's bytes. */
  readonly isVerbose: boolean
}

const FLAGS = {
  quick: { type: 'boolean' },
  verbose: { type: 'boolean' },
  seed: { type: 'string' },
  count: { type: 'string' },
  duration: { type: 'string' },
  from: { type: 'string' },
  only: { type: 'string' },
  concurrency: { type: 'string' },
} as const

/** Reads `--quick --seed N --count N --duration SECONDS --from N --only N --concurrency N --verbose`. */
export function parseRunOptions(
  args: readonly string[],
  usual: { readonly count: number; readonly seconds: number; readonly quickSeconds: number },
): RunOptions {
  const { values } = parseArgs({ args: [...args], options: FLAGS })
  const number = (text: string | undefined, otherwise: number): number =>
    text === undefined ? otherwise : Number(text)
  const only = values.only === undefined ? null : Number(values.only)
  const seconds = values.quick ? usual.quickSeconds : usual.seconds
  return {
    seed: number(values.seed, values.quick ? 1 : Date.now() % 1_000_000),
    count: only === null ? number(values.count, usual.count) : 1,
    durationMs: 1_000 * number(values.duration, seconds),
    from: only ?? number(values.from, 0),
    concurrency: number(values.concurrency, 48),
    isVerbose: values.verbose ?? false,
  }
}
