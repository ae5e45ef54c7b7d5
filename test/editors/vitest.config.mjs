export default {
  test: {
    include: ['test/editors/**/*.spec.ts'],
    maxWorkers: 1,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
}
