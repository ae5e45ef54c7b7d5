import type { DocumentOptions, ParseOptions, SchemaOptions } from 'yaml'

/** YAML 1.2 as files are read: the core schema, no merge keys, what is doubtful an error. */
export const YAML_OPTIONS: Readonly<ParseOptions & DocumentOptions & SchemaOptions> = {
  schema: 'core',
  merge: false,
  // `!!binary` and the like would make values that no JSON has.
  resolveKnownTags: false,
  uniqueKeys: false,
  stringKeys: false,
  strict: true,
  prettyErrors: false,
  logLevel: 'error',
}
