import { FORMAT, type StandardFlag } from './flags.ts'

/** The command line of `keyway diff`. */
export const diffUsage = {
  name: 'diff',
  summary: 'say what another configuration would change',
  purpose: `Says in words what differs between two configurations, and which of the requests under
\`tests:\` would be decided otherwise. Sends nothing.`,
  forms: ['OLD NEW [--format text|json]'],
  flags: { format: FORMAT as StandardFlag },
  examples: ['keyway diff config/routes.yaml config/routes.new.yaml'],
} as const
