import { CONFIG_UNLESS_NAMED, FORMAT, type StandardFlag, type TextFlag } from './flags.ts'

/** The command line of `keyway prove`. */
export const proveUsage = {
  name: 'prove',
  summary: 'show for all requests that its invariants hold',
  purpose: `Shows for all requests that the invariants of a configuration hold, and what Keyway itself
promises. For one that does not, it prints a request that breaks it.`,
  forms: ['[FILE] [--format text|json]'],
  operands: 'files',
  flags: { config: CONFIG_UNLESS_NAMED as TextFlag, format: FORMAT as StandardFlag },
  notes:
    'Nothing is sent, and no secret is read. Exits 1 where one is broken, or there is no telling.',
  examples: ['keyway prove', 'keyway prove --format json config/routes.yaml'],
} as const
