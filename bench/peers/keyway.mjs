import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { nodePath, workFolder } from '../harness/machine.mjs'
import { clientToken, path, prefix } from '../harness/workload.mjs'

const root = new URL('../../', import.meta.url)
const { bin } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

/** Where Keyway was built to; BENCH_KEYWAY measures another build. */
export const keywayProgram = process.env.BENCH_KEYWAY ?? new URL(bin.keyway, root).pathname

const missing = () => (existsSync(keywayProgram) ? null : 'npm run build')

/** Keyway with the one route of the benchmark. */
export const keyway = {
  name: 'Keyway',
  missing,
  prepare: (parts) => serve('keyway', parts, configuration({ ...parts, routes: [prefix] })),
}

/** Keyway with as many routes as asked for; requests go to a thousand of them in turn. */
export function keywayWithRoutes(count) {
  const routes = manyPrefixes(count)
  const step = Math.max(1, Math.floor(count / 1000))
  return {
    name: `Keyway, ${count.toLocaleString('en')} routes`,
    missing,
    prepare: (parts) => serve(`keyway-${count}`, parts, configuration({ ...parts, routes })),
    variants: () =>
      routes.filter((_, i) => i % step === 0).map((route) => ({ target: route + path })),
  }
}

/** Keyway with `parts.routes` served by so many processes. */
export function keywayWithWorkers(count) {
  return {
    name: `Keyway, ${count} workers`,
    missing,
    prepare: (parts) => {
      const { command, ...rest } = serve(`keyway-workers-${count}`, parts, configuration(parts))
      return { ...rest, command: [...command, '--workers', `${count}`] }
    },
  }
}

/** Keyway with a log line a request, metrics, and clients that show a token of their own. */
export const keywayWithAll = {
  name: 'Keyway, everything on',
  missing,
  prepare: (parts) => {
    const admin = `127.0.0.1:${parts.port + 1000}`
    const text = configuration({ ...parts, routes: [prefix], admin, hasAll: true })
    return serve('keyway-all', parts, text)
  },
  variants: () => [{ extra: { 'x-keyway-token': clientToken } }],
}

/** The prefixes of so many routes. */
export function manyPrefixes(count) {
  return Array.from({ length: count }, (_, i) => `/tenant-${i}`)
}

/** A file whose routes all rewrite the credential by the same rule, after others that do not hold. */
export function configuration({ port, upstreamPort, routes, ...options }) {
  const { admin = 'off', hasAll = false, rules = 1 } = options
  const { hasAccessLog = hasAll, hasClients = hasAll } = options
  const clients = `clients: { tokens: { bench: { file: ${workFolder}/client-token } } }\n`
  return `version: 1
server: { listen: 127.0.0.1:${port}, admin: '${admin}'${hasAccessLog ? ', accessLog: true' : ''} }
${hasClients ? clients : ''}upstreams:
  provider: { url: 'http://127.0.0.1:${upstreamPort}', limits: { connections: 20000 } }
routes:
${routes.map((route) => routeLine(route, rules)).join('')}`
}

const rule =
  '{ if: { credential: { matches: ^sk-ant- } }, use: x-api-key, else: authorization bearer }'

function routeLine(route, rules) {
  const name = route.slice(1)
  const others = Array.from({ length: rules - 1 }, (_, i) => `${otherRule(i)}, `).join('')
  const head = `name: ${name}, match: { path: ${route}/* }, rewrite: { strip: ${route} }`
  return `  - { ${head}, upstream: provider, rules: [${others}${rule}] }\n`
}

function otherRule(index) {
  return `{ if: { credential: { matches: "^other-${index}-[a-z]+" } }, use: x-other-key }`
}

/** Writes the hash of the token that clients show where everything is on. */
export function writeClientToken() {
  mkdirSync(workFolder, { recursive: true })
  const hash = createHash('sha256').update(clientToken).digest('hex')
  writeFileSync(`${workFolder}/client-token`, hash)
}

function serve(name, { nodeFlags = [] }, text) {
  writeClientToken()
  return startKeyway(name, text, keywayProgram, nodeFlags)
}

/** How a build of Keyway is started with a configuration. */
export function startKeyway(name, text, program, nodeFlags = []) {
  mkdirSync(workFolder, { recursive: true })
  const file = `${workFolder}/${name}.yaml`
  writeFileSync(file, text)
  const command = [nodePath(), ...nodeFlags, program, 'serve', '--config', file]
  return { command, env: { KEYWAY_CONFIG_LIMIT: '64MiB' }, file }
}
