// npm run coverage [-- TESTS…]: what the tests run of src/, by folder: in their own process, and in the
// processes, workers and threads of `keyway` that they start. Lines that none has run are listed in
// coverage/unrun.txt. Without TESTS it runs all of them.
//
// The programs that tests start are those of coverage/, which lies as deep as src/.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import libCoverage from 'istanbul-lib-coverage'
import { mapsOfProcesses } from '../test/coverage/of-processes.mjs'
import { tallyOf } from '../test/coverage/tally.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = `${root}coverage`

rmSync(folder, { recursive: true, force: true })
run('npm', ['run', '--silent', 'build'])
run('npx', ['tsc', '-p', 'tsconfig.build.json', '--outDir', folder, '--sourceMap'])
const flags = [
  '--coverage.enabled',
  '--coverage.reporter=json',
  '--coverage.reportOnFailure',
  '--coverage.include=src/**',
  `--coverage.reportsDirectory=${folder}/tests`,
  // What is counted takes many times as long.
  '--testTimeout=600000',
  '--hookTimeout=600000',
]
const failed = run('npx', ['vitest', 'run', ...flags, ...process.argv.slice(2)], {
  env: { ...process.env, KEYWAY_COVERAGE: folder },
})
const report = `${folder}/tests/coverage-final.json`
if (!existsSync(report)) {
  console.error('coverage: the tests were broken off, so that they have left no report')
  process.exit(1)
}
const inTests = JSON.parse(readFileSync(report, 'utf8'))
const maps = [libCoverage.createCoverageMap(inTests), await mapsOfProcesses(folder, root)]
const { table, unrun } = tallyOf(maps, `${root}src/`)
console.log(table)
writeFileSync(`${folder}/unrun.txt`, unrun)
process.exitCode = failed

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  return status ?? 1
}
