import { readFileSync } from 'node:fs'
import { type Command, parseFlags, refusePositionals } from './command.ts'
import { schemaUsage } from './usage/schema.ts'

const schemaFile = new URL('../../schemas/routes.schema.json', import.meta.url)

/** `keyway schema`: the JSON Schema of the configuration file, for editors and other tools. */
export const schema: Command = async (args, io) => {
  const { positionals } = parseFlags(args, schemaUsage)
  refusePositionals('schema', positionals)
  io.stdout(readFileSync(schemaFile, 'utf8'))
  return 0
}
