export default {
  test: {
    include: ['test/kubernetes/**/*.spec.ts'],
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
}
