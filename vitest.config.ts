import type { ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = {
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    expect: { requireAssertions: true },
    // A golden file is written with --update alone.
    update: 'none',
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
}

export default config
