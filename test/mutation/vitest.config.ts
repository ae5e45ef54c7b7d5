import { env } from 'node:process'
import type { ViteUserConfig } from 'vitest/config'
import whole from '../../vitest.config.ts'

/** The tests that scripts/mutate.mjs asks for: folders of `test/`. */
const folders = (env.KEYWAY_MUTATION_TESTS ?? '').split(',').filter((name) => name !== '')

const config: ViteUserConfig = {
  test: {
    ...whole.test,
    // Each change runs its tests anew: what they import is read once for all of them.
    isolate: false,
    include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
    // These run processes, which are not changed, or nothing but chance.
    exclude: ['test/commands/serve.test.ts', 'test/e2e/wire/fuzz.test.ts'],
  },
}

export default config
