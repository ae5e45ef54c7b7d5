import type { ViteUserConfig } from 'vitest/config'
import whole from '../../vitest.config.ts'

/** All tests that run Keyway in their own process, over sockets too. */
const config: ViteUserConfig = {
  test: {
    ...whole.test,
    exclude: [
      'test/commands/serve.test.ts',
      'test/deploy/**',
      'test/docs/**',
      'test/e2e/observability/**',
      'test/e2e/reload/**',
      'test/e2e/seed/**',
      'test/e2e/wire/fuzz.test.ts',
      'test/e2e/workers/**',
      'test/properties/proxy.test.ts',
    ],
  },
}

export default config
