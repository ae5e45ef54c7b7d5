import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Test } from '../../config/shapes/config.generated.ts'
import { createWorld } from '../../proof/world.ts'
import { clientOfToken, standInSecret } from '../../testing/request.ts'
import { findTestFiles } from '../../testing/test-files.ts'
import type { CommandIo } from '../command.ts'
import { type LoadedFile, loadFile } from '../load-file.ts'
import { STANDARD_INPUT } from '../read-source.ts'
import { collectTests } from '../trying/collect-tests.ts'
import { createRecorder, type Recorder } from './recorder.ts'

/** What is recorded by: a file, and the tests that there are of it. */
export interface Session {
  readonly loaded: LoadedFile
  readonly recorder: Recorder
}

/** What a session is opened with. */
export interface SessionFiles {
  readonly file: string
  /** Where tests are added to; undefined: they are printed. */
  readonly output: string | undefined
}

/** Opens a session; `recorded` are tests that no file may hold yet. Prints what is wrong with a file and gives null. */
export function openSession(
  { file, output }: SessionFiles,
  recorded: readonly Test[],
  io: CommandIo,
): Session | null {
  const loaded = loadFile(file, io, { readSecret: standInSecret, identifyClient: clientOfToken })
  if (loaded === null) return null
  const placed = collectTests(loaded, testFilesOf({ file, output }, io), io)
  if (placed === null) return null
  const { snapshot, catalogue } = loaded
  const world = createWorld(snapshot.config, { catalogue, env: io.env })
  const tests = [...placed.map(({ test }) => test), ...recorded]
  return { loaded, recorder: createRecorder(world, tests) }
}

/** The shell makes a file empty before it is written to: such a one holds no tests yet. */
function testFilesOf({ file, output }: SessionFiles, io: CommandIo): readonly string[] {
  const beside = file === STANDARD_INPUT ? [] : findTestFiles(file, io.cwd)
  const isBeside = beside.some((one) => output && resolve(io.cwd, one) === resolve(io.cwd, output))
  const all = output === undefined || isBeside ? beside : [...beside, output]
  return all.filter((one) => {
    const path = resolve(io.cwd, one)
    return existsSync(path) && statSync(path).size > 0
  })
}
