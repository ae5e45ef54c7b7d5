import type { Coverage, Reachable } from '../../proof/coverage.ts'
import type { RequestView } from '../../routing/rules/request-view.ts'

/** How coverage is written. */
export interface CoverageWriting {
  readonly format: string
  /** Shows a request as a command line. */
  readonly show: (request: RequestView) => string
}

/** Writes what tests reach of a file, and for the rest a request that would. */
export function formatCoverage(
  file: string,
  coverage: Coverage,
  { format, show }: CoverageWriting,
): string {
  const missing = coverage.unreached.map((one) => ({
    ...one,
    request: one.request && show(one.request),
  }))
  const { reached, all } = coverage
  if (format === 'json')
    return `${JSON.stringify({ file, reached, all, unreached: missing }, null, 2)}\n`
  const lines = missing.flatMap((one) => [
    `  ${describe(one)}`,
    `    ${one.request ?? WITHOUT[one.isNever ? 'never' : 'maybe']}`,
  ])
  const head = `${file}: the tests reach ${reached} of ${all} routes, rules and branches`
  return `${[lines.length === 0 ? head : `${head}; not`, ...lines].join('\n')}\n`
}

function describe({ route, rule, branch }: Reachable): string {
  if (rule === null) return `route "${route}"`
  return `route "${route}", rule "${rule}"${branch === 'else' ? ', its else' : ''}`
}

/** Why no request is shown. */
const WITHOUT = {
  never: 'no request does',
  maybe: 'no request that does could be written down',
} as const
