import type { StandardFlag } from './flags.ts'

/** The command line of `keyway diff`. */
export const diffUsage = {
  name: 'diff',
  summary: 'say what another configuration would change',
  purpose: `Says in words what differs between two configurations, and which of the requests under
\`tests:\` would be decided otherwise; and of all requests every class that would, each with one of
them, the most dangerous first. Sends nothing.`,
  forms: ['OLD NEW [--format FORMAT] [--exit-code]'],
  operands: 'files',
  flags: {
    format: {
      type: 'string',
      default: 'text',
      value: 'FORMAT',
      says: 'how it is printed',
      choices: ['text', 'json', 'markdown', 'github', 'sarif'],
    } as StandardFlag,
    'exit-code': {
      type: 'boolean',
      says: 'exit 1 where a request is decided otherwise, or there is no telling',
    },
  },
  examples: [
    'keyway diff config/routes.yaml config/routes.new.yaml',
    'keyway diff --exit-code --format github main.yaml config/routes.yaml',
  ],
} as const
