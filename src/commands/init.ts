import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Provider } from '../config/shapes/catalogue.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import {
  type Command,
  type CommandIo,
  configFile,
  didYouMean,
  parseFlags,
  UsageError,
} from './command.ts'
import { programName } from './serving/first-run.ts'
import { writeStartingFile } from './starting-file.ts'
import { initUsage } from './usage/init.ts'

const DEFAULT_PROVIDERS = ['anthropic', 'openai']

/** `keyway init`: prints or writes a starting configuration for the named providers. */
export const init: Command = async (args, io) => {
  const { values, positionals } = parseFlags(args, initUsage)
  const catalogue = loadCatalogue()
  const names = positionals.length > 0 ? [...new Set(positionals)] : DEFAULT_PROVIDERS
  const providers = names.map((name) => findProvider(name, catalogue.providers))
  const file = values.output ?? values.config
  const name = file ?? configFile(undefined, io)
  const text = writeStartingFile(providers, catalogue, {
    file: name,
    command: serveCommand(name, io),
  })
  if (file !== undefined) return write(file, text, io)
  io.stdout(text)
  return 0
}

function findProvider(name: string, providers: readonly Provider[]): Provider {
  const provider = providers.find((one) => one.name === name)
  if (provider) return provider
  const names = providers.map((one) => one.name)
  const near = didYouMean(name, names)
  throw new UsageError(`unknown provider "${name}"${near || `; known are ${names.join(', ')}`}`)
}

function write(file: string, text: string, io: CommandIo): number {
  const path = resolve(io.cwd, file)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    io.stderr(`keyway: ${file}: ${reasonOf(error, path)}\n`)
    return 1
  }
  io.stdout(`${file} is written. To serve it: ${serveCommand(file, io)}\n`)
  return 0
}

function reasonOf(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return code === 'EEXIST' && existsSync(path)
    ? 'it is there already, and stays as it is'
    : `it can't be written (${code})`
}

function serveCommand(file: string, io: CommandIo): string {
  const serve = `${programName(io)} serve`
  return file === configFile(undefined, io) ? serve : `${serve} --config ${file}`
}
