import { resolve } from 'node:path'
import { formatDiagnostic } from '../config/diagnostics/format-diagnostic.ts'
import { unreadableFile } from '../config/diagnostics/unreadable-file.ts'
import { configLimitBytes, type LoadOptions, loadConfig } from '../config/load.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { readStart } from '../files/read-file.ts'
import { type Command, type CommandIo, configFile, parseFlags, UsageError } from './command.ts'

const FLAGS = {
  config: { type: 'string', short: 'c' },
  format: { type: 'string', default: 'text' },
} as const

/** `keyway check`: every finding about the files at once; exit code 1 where one is an error. */
export const check: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, FLAGS)
  const format = formatters[flags.format]
  if (!format) throw new UsageError(`--format is text or json, not "${flags.format}"`)
  const files = positionals.length > 0 ? positionals : [configFile(flags.config, io)]
  const options: LoadOptions = { catalogue: loadCatalogue(), env: io.env }
  const diagnostics = files.flatMap((file) => checkFile(file, io, options))
  io.stdout(format(diagnostics, files))
  return diagnostics.some(({ severity }) => severity === 'error') ? 1 : 0
}

function checkFile(file: string, io: CommandIo, options: LoadOptions): readonly Diagnostic[] {
  let text: string
  try {
    text = readStart(resolve(io.cwd, file), configLimitBytes(io.env)).toString()
  } catch (error) {
    return [unreadableFile(file, error)]
  }
  return loadConfig({ file, text }, options).diagnostics
}

type Format = (diagnostics: readonly Diagnostic[], files: readonly string[]) => string

const formatters: Readonly<Record<string, Format>> = {
  text: (diagnostics, files) =>
    [...diagnostics.map(formatDiagnostic), summarize(diagnostics, files)].join('\n').concat('\n'),
  json: (diagnostics, files) =>
    `${JSON.stringify({ files, ...countOf(diagnostics), diagnostics }, null, 2)}\n`,
}

function summarize(diagnostics: readonly Diagnostic[], files: readonly string[]): string {
  const { errors, warnings } = countOf(diagnostics)
  const subject = files.length === 1 ? files[0] : plural(files.length, 'file')
  return `${subject}: ${errors === 0 ? 'no errors' : plural(errors, 'error')}, ${
    warnings === 0 ? 'no warnings' : plural(warnings, 'warning')
  }`
}

function countOf(diagnostics: readonly Diagnostic[]): { errors: number; warnings: number } {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: diagnostics.length - errors }
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
