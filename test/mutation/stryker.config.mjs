/** Mutation testing, as far as scripts/mutate.mjs does not say it. */
export default {
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  // What runs once, when a file is loaded, is covered by all tests: each of its mutants would run them all.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: 'reports/mutation/incremental.json',
  jsonReporter: { fileName: 'reports/mutation/mutation.json' },
  reporters: ['json'],
  // The compiler of TypeScript 7 has no interface for programs; our settings name nothing outside the project.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  tempDirName: '.stryker-tmp',
  ignorePatterns: ['/bench/results', '/coverage', '/reports'],
  concurrency: 2,
  timeoutMS: 10_000,
  logLevel: 'warn',
  allowEmpty: true,
}
