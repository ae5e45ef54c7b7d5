import { resolve } from 'node:path'
import { createDiagnosticFormat } from '../config/diagnostics/format-diagnostic.ts'
import type { Paint } from '../config/diagnostics/paint.ts'
import { unreadableFile } from '../config/diagnostics/unreadable-file.ts'
import { configLimitBytes, type LoadOptions, loadConfig } from '../config/load.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { readStart } from '../files/read-file.ts'
import { withThoroughProof } from '../loading/with-proof.ts'
import { checkSecrets } from './check-secrets.ts'
import { type Command, type CommandIo, configFile, parseFlags } from './command.ts'
import { paintOf } from './reports/colours.ts'
import { hintAtMissingFile } from './serving/first-run.ts'
import { checkUsage } from './usage/check.ts'

/** `keyway check`: every finding about the files at once; exit code 1 where one is an error. */
export const check: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, checkUsage)
  const format = formatters[flags.format] as Format
  const files = positionals.length > 0 ? positionals : [configFile(flags.config, io)]
  const options: LoadOptions = { catalogue: loadCatalogue(), env: io.env }
  const readsSecrets = flags.secrets === true
  const diagnostics = files.flatMap((file) => checkFile(file, { io, options, readsSecrets }))
  io.stdout(format({ diagnostics, files, paint: paintOf(io, 'stdout') }))
  return diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0
}

interface Check {
  readonly io: CommandIo
  readonly options: LoadOptions
  readonly readsSecrets: boolean
}

function checkFile(file: string, { io, options, readsSecrets }: Check): readonly Diagnostic[] {
  let text: string
  try {
    text = readStart(resolve(io.cwd, file), configLimitBytes(io.env)).toString()
  } catch (error) {
    hintAtMissingFile(file, io)
    return [unreadableFile(file, error)]
  }
  const { config, diagnostics } = loadConfig({ file, text }, withThoroughProof(options))
  if (config === null || !readsSecrets) return diagnostics
  const { catalogue } = options
  return [...diagnostics, ...checkSecrets({ file, text }, config, { io, catalogue })]
}

interface Report {
  readonly diagnostics: readonly Diagnostic[]
  readonly files: readonly string[]
  readonly paint: Paint
}

type Format = (report: Report) => string

const formatters: Readonly<Record<string, Format>> = {
  text: ({ diagnostics, files, paint }) => {
    const lines = diagnostics.map(createDiagnosticFormat(paint))
    return `${[...lines, summarize(diagnostics, files, paint)].join('\n')}\n`
  },
  json: ({ diagnostics, files }) =>
    `${JSON.stringify({ files, ...countOf(diagnostics), diagnostics }, null, 2)}\n`,
}

function summarize(
  diagnostics: readonly Diagnostic[],
  files: readonly string[],
  paint: Paint,
): string {
  const { errors, warnings } = countOf(diagnostics)
  const subject = files.length === 1 ? files[0] : plural(files.length, 'file')
  const told = errors === 0 ? paint.good('no errors') : paint.error(plural(errors, 'error'))
  const doubts = warnings === 0 ? 'no warnings' : paint.warning(plural(warnings, 'warning'))
  return `${subject}: ${told}, ${doubts}`
}

function countOf(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number } {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: diagnostics.length - errors }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
