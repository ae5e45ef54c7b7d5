import { relative } from 'node:path'
import { cwd, env } from 'node:process'
import type { ViteUserConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { SETTINGS } from '../../vitest.config.ts'

/** The tests that a run asks for: folders and files of `test/`, the nearest to the code first. */
const folders = (env.KEYWAY_MUTATION_TESTS ?? '').split(',').filter((name) => name !== '')

class NearestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): string => {
      const path = relative(`${cwd()}/test`, moduleId)
      const index = folders.findIndex((folder) => path.startsWith(folder))
      return `${String(index).padStart(2, '0')} ${path}`
    }
    return Promise.resolve(files.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)))
  }
}

const config: ViteUserConfig = {
  test: {
    ...SETTINGS,
    // Each change runs its tests anew: what they import is read once for all of them.
    isolate: false,
    maxWorkers: 1,
    runner: './test/mutation/mutant-runner.ts',
    // In an order without meaning, always the same: neighbours in a file notice the same changes.
    sequence: { sequencer: NearestFirst, shuffle: { files: false, tests: true }, seed: 1 },
    hookTimeout: 5000,
    include: folders.flatMap((name) => [`test/${name}/**/*.test.ts`, `test/${name}.test.ts`]),
    // These run processes, which are not changed, or nothing but chance, or take seconds for each change.
    exclude: [
      'test/commands/serve.test.ts',
      'test/config/reasoning/random/**',
      'test/commands/signals.test.ts',
      'test/e2e/wire/fuzz.test.ts',
      'test/e2e/wire/floods.test.ts',
      'test/e2e/upstreams/chaos.test.ts',
      'test/e2e/upstreams/http2-flow.test.ts',
    ],
  },
}

export default config
