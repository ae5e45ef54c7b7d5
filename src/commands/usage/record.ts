import { CONFIG_UNLESS_NAMED, type TextFlag } from './flags.ts'

/** The command line of `keyway record`. */
export const recordUsage = {
  name: 'record',
  summary: 'turn what a running proxy decides into tests',
  purpose: `Follows what a running Keyway decides, and writes a test for each kind of decision that no test
has: of a request that is made up and decided alike, so that nothing of a client's is in it.`,
  forms: [
    '[FILE] [--admin ADDRESS] [--token-file FILE] [--output FILE]',
    '[FILE] [--duration TIME] [--limit N]',
  ],
  operands: 'files',
  flags: {
    config: CONFIG_UNLESS_NAMED as TextFlag,
    admin: {
      type: 'string',
      value: 'ADDRESS',
      says: 'where its admin interface is: HOST:PORT or unix:PATH; default: "server.admin" of the file',
    },
    'token-file': {
      type: 'string',
      value: 'FILE',
      says: 'holds the token that is asked for there; default: that of "server.admin"',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      says: 'add the tests to this file, which is made where there is none; default: print them',
    },
    duration: { type: 'string', value: 'TIME', says: 'end after this time, such as 10m' },
    limit: { type: 'string', value: 'N', says: 'end after so many tests' },
  },
  notes: `Ends with Ctrl-C too. Each test passes "keyway test" on the file before it is written. A decision
that no test can show, such as one for want of a secret, is named once on standard error.

Exits 1 where the configuration has errors, or the admin interface can't be followed or goes away.`,
  examples: [
    'keyway record --output config/routes.recorded.test.yaml',
    'keyway record --admin 127.0.0.1:9901 --duration 10m config/routes.yaml > seen.test.yaml',
  ],
} as const
