import type { ViteUserConfig } from 'vitest/config'
import { SETTINGS } from './vitest.config.ts'

/** Tests that start no process and open no socket: the whole language of the file, and every decision. */
const PURE = [
  'config',
  'conformance',
  'credentials',
  'http',
  'limits',
  'loading',
  'observability',
  'routing',
  'testing',
  'upstreams',
]

const config: ViteUserConfig = {
  test: {
    ...SETTINGS,
    pool: 'threads',
    isolate: false,
    include: PURE.map((folder) => `test/${folder}/**/*.test.ts`),
  },
}

export default config
