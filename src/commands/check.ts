import { unreadableFile } from '../config/diagnostics/unreadable-file.ts'
import { type LoadOptions, loadConfig } from '../config/load.ts'
import type { Diagnostic } from '../config/shapes/diagnostic.ts'
import type { SourceFile } from '../config/text/document.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { withThoroughProof } from '../loading/with-proof.ts'
import { checkSecrets } from './check-secrets.ts'
import { type Command, type CommandIo, configFile, parseFlags } from './command.ts'
import { nameOf, readSource, refuseSecondInput } from './read-source.ts'
import { CHECK_FORMATS, type CheckFormat } from './reports/check-report.ts'
import { paintOf } from './reports/colours.ts'
import { hintAtMissingFile } from './serving/first-run.ts'
import { checkUsage } from './usage/check.ts'

/** `keyway check`: every finding about the files at once; exit code 1 where one is an error, or with --strict a warning. */
export const check: Command = async (args, io) => {
  const { values: flags, positionals } = parseFlags(args, checkUsage)
  const format = CHECK_FORMATS[flags.format as CheckFormat]
  const files = positionals.length > 0 ? positionals : [configFile(flags.config, io)]
  refuseSecondInput(files)
  const options: LoadOptions = { catalogue: loadCatalogue(), env: io.env }
  const readsSecrets = flags.secrets === true
  const diagnostics = files.flatMap((file) => checkFile(file, { io, options, readsSecrets }))
  io.stdout(format({ diagnostics, files: files.map(nameOf), paint: paintOf(io, 'stdout') }))
  const isFailure = ({ severity }: Diagnostic): boolean => flags.strict || severity === 'error'
  return diagnostics.some(isFailure) ? 1 : 0
}

interface Check {
  readonly io: CommandIo
  readonly options: LoadOptions
  readonly readsSecrets: boolean
}

function checkFile(file: string, { io, options, readsSecrets }: Check): readonly Diagnostic[] {
  let source: SourceFile
  try {
    source = readSource(file, io)
  } catch (error) {
    hintAtMissingFile(file, io)
    return [unreadableFile(file, error)]
  }
  const { config, diagnostics } = loadConfig(source, withThoroughProof(options))
  if (config === null || !readsSecrets) return diagnostics
  const { catalogue } = options
  return [...diagnostics, ...checkSecrets(source, config, { io, catalogue })]
}
