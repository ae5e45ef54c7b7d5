import { createDiagnosticFormat } from '../config/diagnostics/format-diagnostic.ts'
import { mergeKinds } from '../config/normalize/merge-kinds.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { Place } from '../config/shapes/normal-config.ts'
import type { SourceFile } from '../config/text/document.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { type Classify, createClassifier } from '../credentials/classify.ts'
import { fileErrorOf } from '../files/file-error.ts'
import {
  type CompiledFile,
  type CompileOptions,
  compileMeanwhile,
  compileSnapshot,
} from '../loading/compile-snapshot.ts'
import type { Snapshot } from '../routing/snapshot.ts'
import type { CommandIo } from './command.ts'
import { readSource } from './read-source.ts'
import { paintOf } from './reports/colours.ts'
import { hintAtMissingFile } from './serving/first-run.ts'

/** A configuration file, compiled for a command that looks at it. */
export interface LoadedFile {
  /** As it was named. */
  readonly file: string
  readonly text: string
  readonly snapshot: Snapshot
  readonly catalogue: Catalogue
  readonly classify: Classify
  /** Where credentials may stand: in the catalogue's places, and in those that the file names. */
  readonly places: readonly Place[]
}

type StandIns = Pick<CompileOptions, 'readSecret' | 'identifyClient'>

/** Reads and compiles a file; prints what is wrong with it and gives null where it can't be used. */
export function loadFile(file: string, io: CommandIo, standIns: StandIns = {}): LoadedFile | null {
  const source = read(file, io)
  if (source === null) return null
  const options = compileOptions(io, standIns)
  return finish(source, compileSnapshot(source, options), { ...options, io })
}

/** Does the same with two files, at once where they are long. */
export async function loadTwoFiles(
  files: readonly [string, string],
  io: CommandIo,
  standIns: StandIns,
): Promise<readonly [LoadedFile | null, LoadedFile | null]> {
  const [first, second] = [read(files[0], io), read(files[1], io)]
  const options = compileOptions(io, standIns)
  const meanwhile = first && compileMeanwhile(first, options)
  const other = second && compileSnapshot(second, options)
  const compiled = await meanwhile
  return [
    first && compiled && finish(first, compiled, { ...options, io }),
    second && other && finish(second, other, { ...options, io }),
  ]
}

function compileOptions({ env }: CommandIo, standIns: StandIns): CompileOptions {
  return { catalogue: loadCatalogue(), env, generation: 1, ...standIns }
}

function finish(
  source: SourceFile,
  { snapshot, diagnostics }: CompiledFile,
  { catalogue, io }: Pick<CompileOptions, 'catalogue'> & { readonly io: CommandIo },
): LoadedFile | null {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const format = createDiagnosticFormat(paintOf(io, 'stderr'))
  for (const error of errors) io.stderr(`${format(error)}\n`)
  if (snapshot === null) return null
  const classify = createClassifier(mergeKinds(catalogue.kinds, snapshot.config.kinds))
  return { ...source, snapshot, catalogue, classify, places: placesOf(snapshot, catalogue) }
}

function placesOf({ config }: Snapshot, catalogue: Catalogue): readonly Place[] {
  const own = config.routes.flatMap(({ from }) => from ?? [])
  return [...catalogue.places, ...own, ...(config.clients?.places ?? [])]
}

function read(file: string, io: CommandIo): SourceFile | null {
  try {
    return readSource(file, io)
  } catch (error) {
    io.stderr(`${file}: ${fileErrorOf(error).message}\n`)
    hintAtMissingFile(file, io)
    return null
  }
}
