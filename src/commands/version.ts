import { readFileSync } from 'node:fs'
import { readVersion } from '../app/read-version.ts'
import { type Command, parseFlags, refusePositionals } from './command.ts'
import { versionUsage } from './usage/version.ts'

/** `keyway version`: of Keyway, of Node, and the commit, if known. */
export const version: Command = async (args, io) => {
  const { values, positionals } = parseFlags(args, versionUsage)
  refusePositionals('version', positionals)
  const commit = readCommit()
  const about = { version: readVersion(), node: process.versions.node, commit }
  io.stdout(values.format === 'json' ? `${JSON.stringify(about, null, 2)}\n` : formatAbout(about))
  return 0
}

interface About {
  readonly version: string
  readonly node: string
  /** null: it is not known what this was built from. */
  readonly commit: string | null
}

/** The first line is the version alone, for scripts. */
function formatAbout({ version, node, commit }: About): string {
  return `${version}\nnode ${node}\n${commit === null ? '' : `commit ${commit}\n`}`
}

/** scripts/bundle.mjs writes it beside the bundle. */
function readCommit(): string | null {
  try {
    return readFileSync(new URL('commit', import.meta.url), 'utf8').trim() || null
  } catch {
    return null
  }
}
