import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A folder of somebody else's with the packed package installed in it. */
export interface PackedApp {
  readonly folder: string
  readonly tarball: string
  /** What npm said while it installed. */
  readonly installed: SpawnSyncReturns<string>
  /** Runs a command in the folder, with its node_modules/.bin ahead of all else. */
  readonly run: (command: string, args: readonly string[]) => SpawnSyncReturns<string>
  readonly write: (name: string, text: string) => string
  readonly remove: () => void
}

/** Packs what is built and installs the tarball, with further packages, in a new folder. */
export function installPacked(further: readonly string[] = []): PackedApp {
  const work = mkdtempSync(join(tmpdir(), 'keyway-packed-'))
  const folder = join(work, 'app')
  mkdirSync(folder)
  const packed = spawnSync('npm', ['pack', '--ignore-scripts', '--pack-destination', work], {
    cwd: root,
    encoding: 'utf8',
  })
  const name = readdirSync(work).find((entry) => entry.endsWith('.tgz'))
  if (name === undefined) throw new Error(packed.stderr)
  const tarball = join(work, name)
  const run = (command: string, args: readonly string[]): SpawnSyncReturns<string> =>
    spawnSync(command, args, {
      cwd: folder,
      encoding: 'utf8',
      env: { ...cleanEnv(), PATH: `${folder}/node_modules/.bin:${process.env.PATH}` },
    })
  const write = (file: string, text: string): string => {
    writeFileSync(join(folder, file), text)
    return join(folder, file)
  }
  write('package.json', '{ "name": "app", "private": true, "type": "module" }\n')
  const flags = ['--no-audit', '--no-fund', '--prefer-offline']
  const installed = run('npm', ['install', ...flags, tarball, ...further])
  const remove = (): void => rmSync(work, { recursive: true })
  return { folder, tarball, installed, run, write, remove }
}

/** Without what npm tells its scripts: `npm test` is one. */
function cleanEnv(): Record<string, string | undefined> {
  const isOwn = (name: string): boolean => !/^npm_(?!config_(registry|cache|userconfig))/.test(name)
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isOwn(name)))
}
