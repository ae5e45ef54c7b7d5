import { FORMAT, type StandardFlag } from './flags.ts'

/** The command line of `keyway version`. */
export const versionUsage = {
  name: 'version',
  summary: 'print the version, of Node too',
  purpose:
    'Prints the version of Keyway, of Node, and the commit that it was built from, if known.',
  forms: ['[--format text|json]'],
  flags: { format: FORMAT as StandardFlag },
  examples: ['keyway version', 'keyway version --format json'],
} as const
