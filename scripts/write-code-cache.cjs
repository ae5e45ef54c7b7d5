// Writes V8's compiled code of a bundle beside it, once it has served a request: what a start and a
// request need is compiled by then, the rest is not worth its reading. Ends by itself whatever
// happens: with 1 and a line where the bundle does not serve.
//
//   node scripts/write-code-cache.cjs DIRECTORY
const { mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs')
const { get } = require('node:http')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const v8 = require('node:v8')

const DEADLINE_MS = 30_000
const RETRY_MS = 20

const [, , folder = ''] = process.argv
const work = mkdtempSync(join(tmpdir(), 'keyway-cache-'))
process.once('exit', () => rmSync(work, { recursive: true, force: true }))
setTimeout(() => fail(`it did not serve within ${DEADLINE_MS / 1000} s`), DEADLINE_MS)

const socketPath = join(work, 'proxy.sock')
const config = join(work, 'routes.yaml')
writeFileSync(
  config,
  `version: 1
server: { listen: "unix:${socketPath}", admin: 127.0.0.1:0 }
upstreams: { echo: builtin:echo }
routes:
  - name: echo
    match: { path: /* }
    upstream: echo
    rules: [if credential prefix sk-ant-api use x-api-key else authorization bearer]
`,
)

// V8 takes no code that was kept under other flags than its own, and a program starts before it sets any.
v8.setFlagsFromString = () => undefined

process.argv = [process.argv[0], join(folder, 'cli.cjs'), 'serve', '--config', config]
const script = start()
request()

function start() {
  try {
    return require(join(folder, 'cli.cjs'))
  } catch (error) {
    fail(`it does not start: ${error.message}`)
  }
}

function request() {
  // The program sets it where its start has failed, and then ends for want of work: not before us.
  if (process.exitCode) fail('it did not start')
  const headers = { authorization: 'Bearer sk-ant-api03-TEST' }
  const sent = get({ socketPath, path: '/', headers, agent: false }, (response) => {
    if (response.statusCode !== 200) fail(`it answers ${response.statusCode}`)
    response.resume().on('end', finish)
  })
  sent.on('error', () => setTimeout(request, RETRY_MS))
}

function finish() {
  try {
    // Whole or not at all: a program may start from here meanwhile.
    writeFileSync(join(folder, 'keyway.cache~'), script.createCachedData())
    renameSync(join(folder, 'keyway.cache~'), join(folder, 'keyway.cache'))
  } catch (error) {
    fail(`can't write its compiled code: ${error.code ?? error.name}`)
  }
  process.exit(0)
}

// Nothing may be thrown in here: the program under way catches what nobody catches, and goes on.
function fail(reason) {
  process.stderr.write(`write-code-cache: ${join(folder, 'cli.cjs')}: ${reason}\n`)
  process.exit(1)
}
