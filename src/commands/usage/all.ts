import { auditUsage } from './audit.ts'
import { checkUsage } from './check.ts'
import { completionUsage } from './completion.ts'
import { diffUsage } from './diff.ts'
import { explainUsage } from './explain.ts'
import { initUsage } from './init.ts'
import { proveUsage } from './prove.ts'
import { recordUsage } from './record.ts'
import { schemaUsage } from './schema.ts'
import { serveUsage } from './serve.ts'
import { testUsage } from './test.ts'
import type { Usage } from './usage.ts'
import { versionUsage } from './version.ts'

/** Every command, in the order in which they are listed. */
export const usages: readonly Usage[] = [
  serveUsage,
  checkUsage,
  explainUsage,
  testUsage,
  recordUsage,
  diffUsage,
  proveUsage,
  schemaUsage,
  initUsage,
  auditUsage,
  completionUsage,
  versionUsage,
]

/** Help of the command line as a whole. */
export function formatOverview(): string {
  const width = Math.max(...usages.map(({ name }) => name.length)) + 4
  const commands = usages.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`)
  return `Keyway: a reverse proxy that puts each client's credential where its upstream expects it.

Usage: keyway COMMAND [OPTIONS]

Commands:
${commands.join('\n')}

Options:
  ${'--help'.padEnd(width)}this text, or after a command that command's
  ${'--version'.padEnd(width)}the version, of Node too

Exit codes: 0 fine, 1 the configuration or a test fails, 2 wrong usage.
`
}
