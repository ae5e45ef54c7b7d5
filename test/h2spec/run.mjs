// npm run h2spec: h2spec as it stands against Keyway's listener, after `npm run build`.
//
//   H2SPEC=/path/to/h2spec npm run h2spec        a program that is there
//   npm run h2spec -- --source FOLDER            built with Go from its source (github: summerwind/h2spec)
//
// Exits 1 where a case is missed that docs/robustness.md does not explain, or one that it explains is
// not missed any more; 2 where there is no h2spec.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { EXPLAINED } from './explained.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'keyway-h2spec-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const program = findProgram()
if (program === null) {
  console.error(
    'There is no h2spec: set H2SPEC to it, or name the folder of its source by --source.',
  )
  process.exit(2)
}
const { child, port } = await startKeyway()
process.once('exit', () => child.kill('SIGKILL'))
const missed = runSpec(port)
const unexplained = missed.filter((name) => !EXPLAINED.has(name))
const mended = [...EXPLAINED.keys()].filter((name) => !missed.includes(name))
for (const name of missed) console.log(`${name}: ${EXPLAINED.get(name) ?? 'NOT EXPLAINED'}`)
for (const name of mended) console.log(`${name}: is met; explained no more`)
process.exit(unexplained.length + mended.length > 0 ? 1 : 0)

function findProgram() {
  const at = process.argv.indexOf('--source')
  if (at > 0) return build(process.argv[at + 1])
  if (process.env.H2SPEC) return process.env.H2SPEC
  try {
    execFileSync('h2spec', ['--version'], { stdio: 'ignore' })
    return 'h2spec'
  } catch {
    return null
  }
}

// With the modules that its go.mod names, or without them with the sources that a system keeps in
// /usr/share/gocode (Debian: golang-golang-x-net-dev, golang-github-fatih-color-dev, golang-github-spf13-cobra-dev).
function build(source) {
  const target = join(folder, 'go/src/github.com/summerwind/h2spec')
  mkdirSync(dirname(target), { recursive: true })
  cpSync(source, target, { recursive: true })
  const output = join(folder, 'h2spec')
  const env = { ...process.env, GOPATH: `${join(folder, 'go')}:/usr/share/gocode` }
  const go = (more) =>
    execFileSync('go', ['build', '-o', output, './cmd/h2spec'], {
      cwd: target,
      env: { ...env, ...more },
    })
  try {
    go({ GO111MODULE: 'off' })
  } catch {
    go({})
  }
  return output
}

async function startKeyway() {
  const tls = ['pem', 'key'].map((end) => join(root, `test/fixtures/tls/server.${end}`))
  const file = join(folder, 'routes.yaml')
  writeFileSync(
    file,
    `version: 1
server: { listen: { address: '127.0.0.1:0', tls: { cert: ${tls[0]}, key: ${tls[1]} } }, admin: 'off' }
upstreams: { echo: builtin:echo }
routes: [{ name: all, match: { path: /* }, upstream: echo }]
`,
  )
  const started = spawn(
    process.execPath,
    [join(root, 'dist/bin/cli.cjs'), 'serve', '--config', file],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  for await (const line of createInterface({ input: started.stdout })) {
    const { listen } = JSON.parse(line)
    if (listen) return { child: started, port: listen.split(':').at(-1) }
  }
  throw new Error('Keyway has not started')
}

/** Names of the cases that were missed, as SECTION/CASE. */
function runSpec(on) {
  const report = join(folder, 'report.xml')
  const args = ['-h', '127.0.0.1', '-p', on, '-t', '-k', '-o', '3', '-j', report]
  try {
    execFileSync(program, args, { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' })
  } catch (error) {
    if (error.status !== 1) throw error
  }
  const xml = readFileSync(report, 'utf8')
  const names = []
  let all = 0
  for (const [, suite] of xml.matchAll(/<testsuite ([\s\S]*?)<\/testsuite>/g)) {
    const section = /package="([^"]+)"/.exec(suite)?.[1]
    const cases = suite.split('<testcase').slice(1)
    all += cases.length
    for (const [index, one] of cases.entries())
      if (/<(failure|error)/.test(one)) names.push(`${section}/${index + 1}`)
  }
  if (all < 100) throw new Error(`only ${all} cases were run`)
  console.log(`${all - names.length} of ${all} are met`)
  return names
}
