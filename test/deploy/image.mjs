// npm run test:image: the image without a container engine, as root. Takes the Dockerfile's steps in
// folders, then serves from what they leave, as the user and in the environment that it names, with
// nothing else in sight. Shows that the list of files suffices; the base image is this machine.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'

const project = new URL('../..', import.meta.url).pathname
const folder = fs.mkdtempSync(join(tmpdir(), 'keyway-image-'))
process.once('exit', () => fs.rmSync(folder, { recursive: true, force: true }))
const ignored = fs.readFileSync(`${project}.dockerignore`, 'utf8').split('\n')
const sent = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1))

// The last of each of the Dockerfile's instructions.
const said = {}
const text = fs.readFileSync(`${project}deploy/Dockerfile`, 'utf8')
const here = text.replaceAll('/usr/local/bin/node', process.execPath)
// A flag of the image's Node that this one may not know yet.
const flag = process.allowedNodeEnvironmentFlags.has('--disable-sigusr1')
const known = flag ? here : here.replace('"--disable-sigusr1", ', '')
const steps = known.replaceAll(/^#.*\n|\\\n/gm, '')
for (const line of steps.split('\n')) {
  const [, name, words] = /^([A-Z]+) (.*)$/.exec(line) ?? []
  if (name === 'FROM') Object.assign(said, { stage: words.split(' AS ')[1], WORKDIR: '/' })
  if (name === 'RUN') execFileSync('sh', ['-c', words], { cwd: at('.'), stdio: 'inherit' })
  if (name === 'COPY') copy(words.split(' '))
  said[name] = words
  if (name === 'WORKDIR') fs.mkdirSync(at('.'), { recursive: true })
}

// What `cp --parents` copies keeps its mode: a home of root's would be closed to the user.
execFileSync('chmod', ['-R', 'a+rX', at('.')])

const [port, adminPort] = [await freePort(), await freePort()]
const env = Object.fromEntries(said.ENV.split(' ').map((pair) => pair.split('=')))
const config = at(env.KEYWAY_CONFIG)
const moved = fs.readFileSync(config, 'utf8').replaceAll(':8080', `:${port}`)
fs.writeFileSync(config, moved.replaceAll(':9901', `:${adminPort}`))
env.KEYWAY_HEALTH_URL = `http://127.0.0.1:${adminPort}/healthz`

const [entry, command] = [JSON.parse(said.ENTRYPOINT), JSON.parse(said.CMD)]
const healthcheck = JSON.parse(/\[.*\]/.exec(said.HEALTHCHECK)[0])
for (const word of ['--version', 'schema', 'init', 'check'])
  if ((await once(start([...entry, word]), 'exit'))[0] !== 0) throw new Error(`${word} fails`)
const server = start([...entry, ...command])
const ended = once(server, 'exit')
process.once('exit', () => server.kill('SIGKILL'))
for (let tries = 0; (await once(start(healthcheck), 'exit'))[0] !== 0; tries++)
  if (server.exitCode !== null || tries === 100) throw new Error('it is never healthy')
const headers = { authorization: 'Bearer sk-ant-api03-FAKE' }
const echo = await (await fetch(`http://127.0.0.1:${port}/echo/`, { headers })).json()
const page = await fetch(`http://127.0.0.1:${adminPort}/page.js`)
if (page.status !== 200) throw new Error('the admin page is not in the image')
server.kill(said.STOPSIGNAL)
const [code] = await ended
console.log(`x-api-key: ${echo.headers['x-api-key']}, exit ${code}`)
process.exitCode = code === 0 && echo.headers['x-api-key'] ? 0 : 1

function start(words) {
  const args = [`--userspec=${said.USER}`, at('/'), ...words]
  return spawn('/usr/sbin/chroot', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
}

// Where a path of a stage is on this machine.
function at(path, stage = said.stage) {
  return join(folder, stage ?? 'image', resolve('/', said.WORKDIR, path))
}

function copy(words) {
  const from = /^--from=(.*)/.exec(words[0])?.[1]
  const to = words.at(-1)
  for (const source of words.slice(from ? 1 : 0, -1)) {
    const isSent = sent.some((name) => `${source}/`.startsWith(`${name}/`))
    if (!from && !isSent) throw new Error(`.dockerignore keeps ${source} out`)
    const path = from ? at(source, from) : join(project, source)
    const isInto = to.endsWith('/') && fs.statSync(path).isFile()
    fs.cpSync(path, at(isInto ? `${to}${basename(source)}` : to), { recursive: true })
  }
}

async function freePort() {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address()
  listener.close()
  return port
}
