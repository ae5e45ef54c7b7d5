import { CONFIG_UNLESS_NAMED, REPORT_FORMAT, type StandardFlag, type TextFlag } from './flags.ts'

/** The command line of `keyway test`. */
export const testUsage = {
  name: 'test',
  summary: 'run the tests that stand in a configuration',
  purpose:
    'Runs the tests of a configuration, and of the *.test.yaml files beside it; prints what differed.',
  forms: ['[FILE…] [--format FORMAT] [--watch] [--coverage]', '--generate [FILE]'],
  operands: 'files',
  flags: {
    config: CONFIG_UNLESS_NAMED as TextFlag,
    format: REPORT_FORMAT as StandardFlag,
    watch: { type: 'boolean', says: 'run again after each change' },
    coverage: {
      type: 'boolean',
      says: 'say which routes, rules and branches no test reaches, each with a request that would',
    },
    generate: {
      type: 'boolean',
      says: 'print one test for each class of requests that is decided in a way of its own',
    },
  },
  notes:
    'Nothing is sent, and no secret is read. Exits 1 where a test fails or the configuration has errors.',
  examples: [
    'keyway test',
    'keyway test config/examples/*.yaml',
    'keyway test --format junit > report.xml',
    'keyway test --generate > config/routes.generated.test.yaml',
  ],
} as const
