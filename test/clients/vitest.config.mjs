import { fileURLToPath } from 'node:url'

/** The clients' tests need packages of their own, so they are no part of the project's other tests. */
export default {
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/clients/**/*.client.ts'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 240_000,
    hookTimeout: 30_000,
  },
}
