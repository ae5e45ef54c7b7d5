import { readdirSync, readFileSync } from 'node:fs'
import type { ViteUserConfig } from 'vitest/config'

/** What holds for every way to run the tests. */
export const SETTINGS: NonNullable<ViteUserConfig['test']> = {
  pool: 'forks',
  maxWorkers: 2,
  setupFiles: ['test/support/each-test.ts'],
  // What has not come by then has not come at all: a loaded machine is slow, and is waited for.
  expect: { requireAssertions: true, poll: { timeout: 15_000 } },
  // A golden file is written with --update alone.
  update: 'none',
  // It ends what hangs: the first test that runs a command reads all of its files, which alone takes 20 s on a busy machine.
  testTimeout: 60_000,
  hookTimeout: 60_000,
}

const FILES = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !path.includes('node_modules'))
  .map((path) => `test/${path}`)

const filesWith = (pattern: RegExp): string[] =>
  FILES.filter((path) => pattern.test(readFileSync(path, 'utf8')))

/** These put something else in the place of a module: each takes a process of its own. */
const MOCKING = filesWith(/vi\.mock\(/)

/** These start programs or try much that is generated, and take their time on a loaded machine. */
const LONG = filesWith(
  /child_process|keyway-process|packed-app|createSandbox|fc\.assert|createDice/,
)

const config: ViteUserConfig = {
  test: {
    ...SETTINGS,
    // Files that share a process read the program once, which takes half the time of reading it for each.
    projects: [
      { extends: true, test: { name: 'alone', include: MOCKING } },
      {
        extends: true,
        test: {
          name: 'long',
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          include: LONG,
          exclude: MOCKING,
        },
      },
      {
        extends: true,
        test: {
          name: 'together',
          isolate: false,
          include: FILES,
          exclude: [...MOCKING, ...LONG],
        },
      },
    ],
  },
}

export default config
