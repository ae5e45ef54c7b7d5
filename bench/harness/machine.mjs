import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Where a run keeps its configuration files, sockets and logs. */
export const workFolder = '/tmp/keyway-bench'

/** The upstream and the load share one core, the contender has the other for itself. */
export const cores = pickCores()

const packages = {
  nginx: 'nginx-light',
  haproxy: 'haproxy',
  caddy: 'caddy',
  wrk: 'wrk',
  h2load: 'nghttp2-client',
  gcc: 'gcc libc6-dev',
}

/** Installs from Debian what a run needs and the machine lacks. */
export function requirePrograms(names) {
  if (availableParallelism() < 2) throw new Error('the benchmark needs two cores')
  mkdirSync(workFolder, { recursive: true })
  const missing = names
    .filter((name) => !isOnPath(name))
    .flatMap((name) => packages[name].split(' '))
  if (missing.length === 0) return
  console.error(`installing ${missing.join(', ')}`)
  execFileSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...missing]
  execFileSync('apt-get', install, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}

// A container may have any of the machine's cores, not its first ones.
function pickCores() {
  const [, list] = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))
  const [load, proxy] = list.split(',').flatMap((range) => {
    const [first, last = first] = range.split('-').map(Number)
    return Array.from({ length: last - first + 1 }, (_, i) => first + i)
  })
  return { load, proxy }
}

function isOnPath(name) {
  const folders = `${process.env.PATH}:/usr/sbin`.split(':')
  return folders.some((folder) => existsSync(`${folder}/${name}`))
}

/** The Node that every contender written for Node runs on, so that none has a newer one. */
export function nodePath() {
  if (process.env.BENCH_NODE) return realpathSync(process.env.BENCH_NODE)
  if (process.version.startsWith('v24.')) return process.execPath
  const args = ['-y', '-p', 'node@24', 'node', '-p', 'process.execPath']
  return execFileSync('npx', args, { cwd: workFolder, encoding: 'utf8' }).trim()
}

/** One of the certificates that the tests use; `server` is localhost's. */
export function tlsFile(name) {
  return new URL(`../../test/fixtures/tls/${name}`, import.meta.url).pathname
}

/** Builds one of bench/load's C programs and returns its path. */
export function compileLoader(name) {
  const target = `${workFolder}/${name}`
  const source = new URL(`../load/${name}.c`, import.meta.url).pathname
  execFileSync('gcc', ['-O2', '-Wall', '-Wextra', '-o', target, source, '-lm'], {
    stdio: 'inherit',
  })
  return target
}
