import { CONFIG_UNLESS_NAMED, FORMAT, type StandardFlag, type TextFlag } from './flags.ts'

/** The command line of `keyway check`. */
export const checkUsage = {
  name: 'check',
  summary: 'say everything that is wrong or doubtful about a configuration',
  purpose: 'Says everything that is wrong or doubtful about a configuration, with its place.',
  forms: ['[FILE…] [--format text|json] [--secrets]'],
  operands: 'files',
  flags: {
    config: CONFIG_UNLESS_NAMED as TextFlag,
    format: FORMAT as StandardFlag,
    secrets: {
      type: 'boolean',
      says: 'read the secrets and the files of client tokens too, and say which can not be used',
    },
  },
  notes: `Exits 1 where there is an error; warnings alone exit 0. KEYWAY_CONFIG_LIMIT sets the size that a
file may have; default: 1MiB.`,
  examples: [
    'keyway check',
    'keyway check config/examples/*.yaml',
    'keyway check --format json routes.yaml',
  ],
} as const
