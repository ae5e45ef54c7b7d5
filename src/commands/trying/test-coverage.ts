import { writeCurlFrom } from '../../config/diagnostics/write-curl.ts'
import type { Coverage, Unreached } from '../../proof/coverage.ts'

/** Writes what tests reach of a file, and for the rest a request that would. */
export function formatCoverage(file: string, coverage: Coverage, format: string): string {
  const missing = coverage.unreached.map((one) => ({
    ...one,
    request: one.request && writeCurlFrom(one.request),
  }))
  const { reached, all } = coverage
  if (format === 'json')
    return `${JSON.stringify({ file, reached, all, unreached: missing }, null, 2)}\n`
  const lines = coverage.unreached.flatMap((one) => [`  ${describe(one)}`, `    ${requestOf(one)}`])
  const head = `${file}: the tests reach ${reached} of ${all} routes, rules and branches`
  return `${[lines.length === 0 ? head : `${head}; not`, ...lines].join('\n')}\n`
}

function describe({ route, rule, branch }: Unreached): string {
  if (rule === null) return `route "${route}"`
  return `route "${route}", rule "${rule}"${branch === 'else' ? ', its else' : ''}`
}

function requestOf({ request }: Unreached): string {
  return request === null ? 'no request that does could be written down' : writeCurlFrom(request)
}
