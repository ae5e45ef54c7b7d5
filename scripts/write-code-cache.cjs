// Writes V8's compiled code of a bundle beside it, once it has served a request: what a start and a
// request need is compiled by then, the rest is not worth its reading.
//
//   node scripts/write-code-cache.cjs DIRECTORY
const { mkdtempSync, rmSync, writeFileSync } = require('node:fs')
const { get } = require('node:http')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

const [, , folder] = process.argv
const work = mkdtempSync(join(tmpdir(), 'keyway-cache-'))
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

process.argv = [process.argv[0], join(folder, 'cli.cjs'), 'serve', '--config', config]
const script = require(join(folder, 'cli.cjs'))
let tries = 0
request()

function request() {
  const headers = { authorization: 'Bearer sk-ant-api03-TEST' }
  get({ socketPath, path: '/', headers }, (response) => response.resume().on('end', finish)).on(
    'error',
    () => {
      if (++tries > 500) throw new Error('the bundle does not serve')
      setTimeout(request, 20)
    },
  )
}

function finish() {
  writeFileSync(join(folder, 'keyway.cache'), script.createCachedData())
  rmSync(work, { recursive: true })
  process.exit()
}
