/** The command line of `keyway init`. */
export const initUsage = {
  name: 'init',
  summary: 'print a starting configuration',
  purpose: 'Prints a starting configuration that passes check and test.',
  forms: ['[PROVIDER…] [--output FILE]'],
  operands: 'providers',
  flags: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      says: 'the file to write, its folder with it; one that is there stays as it is; default: standard output',
    },
    config: { type: 'string', short: 'c', value: 'FILE', says: 'the same as --output' },
  },
  notes: 'The file says which base URL each client of a provider accepts.',
  examples: ['keyway init anthropic openai --output config/routes.yaml', 'keyway init groq'],
} as const
