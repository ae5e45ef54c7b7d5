import { createDiagnosticFormat } from '../config/diagnostics/format-diagnostic.ts'
import { mergeKinds } from '../config/normalize/merge-kinds.ts'
import type { Catalogue } from '../config/shapes/catalogue.ts'
import type { Place } from '../config/shapes/normal-config.ts'
import type { SourceFile } from '../config/text/document.ts'
import { loadCatalogue } from '../credentials/catalogue.ts'
import { type Classify, createClassifier } from '../credentials/classify.ts'
import { fileErrorOf } from '../files/file-error.ts'
import { type CompileOptions, compileSnapshot } from '../loading/compile-snapshot.ts'
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

/** Reads and compiles a file; prints what is wrong with it and gives null where it can't be used. */
export function loadFile(
  file: string,
  io: CommandIo,
  standIns: Pick<CompileOptions, 'readSecret' | 'identifyClient'> = {},
): LoadedFile | null {
  const source = read(file, io)
  if (source === null) return null
  const catalogue = loadCatalogue()
  const options = { catalogue, env: io.env, generation: 1, ...standIns }
  const { snapshot, diagnostics } = compileSnapshot(source, options)
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
