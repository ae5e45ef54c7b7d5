import { FORMAT, type StandardFlag } from './flags.ts'

/** The command line of `keyway audit`. */
export const auditUsage = {
  name: 'audit',
  summary: 'verify the trail of what secrets were used for',
  purpose: `Verifies the trail that \`audit: { file }\` has written: says that each line follows from the one
before it, or names the first that does not, and how.`,
  forms: ['verify FILE… [--after HASH] [--holds HASH] [--format text|json]'],
  flags: {
    after: {
      type: 'string',
      value: 'HASH',
      says: 'the hash of the line before the first, where older files are not at hand',
    },
    holds: {
      type: 'string',
      value: 'HASH',
      says: 'a hash that some line must have: one that the log said, or was kept elsewhere',
    },
    format: FORMAT as StandardFlag,
  },
  notes: `Several files are one trail, the oldest first; - is standard input.

Exits 1 where a line does not follow, or the hash is not found. A chain can't show that lines are
missing at its end: --holds can.`,
  examples: [
    'keyway audit verify /var/log/keyway/audit.jsonl',
    'keyway audit verify audit.jsonl.1 audit.jsonl',
  ],
} as const
