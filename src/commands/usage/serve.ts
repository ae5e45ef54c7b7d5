import { CONFIG, type TextFlag } from './flags.ts'

/** The command line of `keyway serve`. */
export const serveUsage = {
  name: 'serve',
  summary: 'run the proxy',
  purpose: 'Runs the proxy and applies changes of the file while it runs.',
  forms: ['[--config FILE] [--workers N|auto] [--shadow FILE]'],
  flags: {
    config: CONFIG as TextFlag,
    shadow: {
      type: 'string',
      value: 'FILE',
      says: 'decide every request by this configuration too, act by the other alone, and count and log where they differ',
    },
    workers: {
      type: 'string',
      short: 'w',
      value: 'N',
      says: 'serve by so many processes, or "auto": one for each processor; default: 1',
    },
  },
  notes: `Signals:
  SIGTERM, SIGINT     drain: not ready, no new connections, open requests finish; a second one cuts
  SIGHUP              reload, even where the file is the same

Log lines (JSON) go to standard output, findings about the file to standard error.`,
  examples: [
    'keyway serve',
    'keyway serve --config /etc/keyway/routes.yaml',
    'keyway serve --workers auto',
  ],
} as const
