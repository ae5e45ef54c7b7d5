/** The command line of `keyway schema`. */
export const schemaUsage = {
  name: 'schema',
  summary: 'print the JSON Schema of the configuration file',
  purpose: 'Prints the JSON Schema of the configuration file, for editors and other tools.',
  forms: [''],
  flags: {},
  examples: ['keyway schema > routes.schema.json'],
} as const
