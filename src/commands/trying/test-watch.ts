import { resolve } from 'node:path'
import { watchFile } from '../../reload/watch-file.ts'
import { findTestFiles } from '../../testing/test-files.ts'
import type { CommandIo } from '../command.ts'

/** Runs now and after each change of the files or of the test files beside them, until SIGINT or SIGTERM. */
export function watchAndRun(
  files: readonly string[],
  io: CommandIo,
  run: () => number,
): Promise<number> {
  let exitCode = 0
  const watched = files.flatMap((file) => [file, ...findTestFiles(file, io.cwd)])
  const stops = watched.map((file) =>
    watchFile(resolve(io.cwd, file), () => {
      exitCode = run()
    }),
  )
  // Only now: what changes during the run is seen.
  exitCode = run()
  io.stderr('watching; end with Ctrl-C\n')
  // The watchers do not keep the process alive by themselves.
  const alive = setInterval(() => undefined, 60_000)
  return new Promise((done) => {
    const end = (): void => {
      clearInterval(alive)
      for (const stop of stops) stop()
      done(exitCode)
    }
    process.once('SIGINT', end)
    process.once('SIGTERM', end)
  })
}
