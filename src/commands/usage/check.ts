import { CONFIG_UNLESS_NAMED, FINDINGS_FORMAT, type StandardFlag, type TextFlag } from './flags.ts'

/** The command line of `keyway check`. */
export const checkUsage = {
  name: 'check',
  summary: 'say everything that is wrong or doubtful about a configuration',
  purpose: 'Says everything that is wrong or doubtful about a configuration, with its place.',
  forms: ['[FILE…] [--format FORMAT] [--strict] [--secrets]'],
  operands: 'files',
  flags: {
    config: CONFIG_UNLESS_NAMED as TextFlag,
    format: FINDINGS_FORMAT as StandardFlag,
    strict: { type: 'boolean', says: 'exit 1 where there is a warning, too' },
    secrets: {
      type: 'boolean',
      says: 'read the secrets and the files of client tokens too, and say which can not be used',
    },
  },
  notes: `A FILE of - is standard input. Exits 1 where there is an error; warnings alone exit 0.
KEYWAY_CONFIG_LIMIT sets the size that a file may have; default: 1MiB.`,
  examples: [
    'keyway check',
    'keyway check config/examples/*.yaml',
    'keyway check --strict --format sarif > keyway.sarif',
    'git show main:config/routes.yaml | keyway check -',
  ],
} as const
