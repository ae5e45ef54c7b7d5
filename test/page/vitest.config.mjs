export default {
  test: {
    include: ['test/page/**/*.spec.ts'],
    maxWorkers: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
}
