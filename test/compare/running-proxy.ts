import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { createKeyway } from '../../src/index.ts'
import { type Contender, type Headers, type Outcome, onlyCredentials } from './contender.ts'
import { readFragment, replaceIn } from './fragments.ts'
import type { Upstream } from './upstream.ts'

/** Where a proxy runs and whom it trusts. */
export interface Place {
  readonly folder: string
  readonly upstream: Upstream
  readonly caFile: string
}

/** Starts Keyway with the page's file. */
export async function startKeyway(place: Place): Promise<Contender> {
  const { port, file } = await prepare(place, 'keyway.yaml', (listen) =>
    replaceIn(readFragment('Keyway', 'yaml'), {
      'listen: 127.0.0.1:8080': `listen: 127.0.0.1:${listen}\n  admin: off`,
      'anthropic: https://api.anthropic.com': `anthropic: { url: "https://127.0.0.1:${place.upstream.port}", tls: { ca: ${place.caFile}, servername: api.anthropic.com } }`,
    }),
  )
  const nowhere = () => {}
  const log = { fatal: nowhere, error: nowhere, warn: nowhere, info: nowhere }
  const keyway = await createKeyway({
    config: file,
    pollMs: null,
    log: { ...log, debug: nowhere, trace: nowhere, request: nowhere },
  })
  await keyway.start()
  return toContender(port, place.upstream, () => keyway.drain())
}

/** Starts nginx with the page's file. */
export async function startNginx(place: Place): Promise<Contender> {
  const { port, file } = await prepare(
    place,
    'nginx.conf',
    (listen) =>
      `daemon off; master_process off; pid ${place.folder}/nginx.pid; error_log stderr;\n${replaceIn(
        readFragment('nginx', 'nginx'),
        {
          '127.0.0.1:8080': `127.0.0.1:${listen}`,
          'api.anthropic.com:443': `127.0.0.1:${place.upstream.port}`,
          '/etc/ssl/certs/ca-certificates.crt': place.caFile,
          'http {': 'http { access_log off;',
        },
      )}`,
  )
  return runProxy(place, port, 'nginx', ['-p', place.folder, '-c', file])
}

/** Starts HAProxy with the page's file. */
export async function startHaproxy(place: Place): Promise<Contender> {
  const { port, file } = await prepare(place, 'haproxy.cfg', (listen) =>
    replaceIn(readFragment('HAProxy', 'haproxy'), {
      '127.0.0.1:8080': `127.0.0.1:${listen}`,
      'api.anthropic.com:443': `127.0.0.1:${place.upstream.port}`,
      '/etc/ssl/certs/ca-certificates.crt': place.caFile,
    }),
  )
  return runProxy(place, port, 'haproxy', ['-f', file])
}

/** Starts Caddy with the page's file. */
export async function startCaddy(place: Place): Promise<Contender> {
  const { port, file } = await prepare(place, 'Caddyfile', (listen) =>
    replaceIn(readFragment('Caddy', 'caddyfile'), {
      'http://:8080': `http://:${listen}`,
      'https://api.anthropic.com': `https://127.0.0.1:${place.upstream.port}`,
    }),
  )
  const env = { SSL_CERT_FILE: place.caFile, XDG_DATA_HOME: place.folder, HOME: place.folder }
  const args = ['run', '--adapter', 'caddyfile', '--config', file]
  return runProxy(place, port, 'caddy', args, env)
}

async function prepare(
  { folder }: Place,
  name: string,
  write: (port: number) => string,
): Promise<{ port: number; file: string }> {
  const port = await findFreePort()
  const file = join(folder, `${port}-${name}`)
  writeFileSync(file, write(port))
  return { port, file }
}

async function runProxy(
  { upstream }: Place,
  port: number,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Contender> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk
  })
  child.stdout.resume()
  await untilListening(port, child, () => said)
  return toContender(port, upstream, async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  })
}

function toContender(port: number, upstream: Upstream, close: () => Promise<void>): Contender {
  const decideOne = async (headers: Headers): Promise<Outcome> => {
    upstream.take()
    const status = await request(port, headers)
    const [received] = upstream.take()
    if (received === undefined) return status
    return status === 200 ? onlyCredentials(received) : status
  }
  return {
    close,
    async decide(requests) {
      const outcomes: Outcome[] = []
      for (const headers of requests) outcomes.push(await decideOne(headers))
      return outcomes
    },
  }
}

/** Sends one request, fields as given, and answers its status. */
async function request(port: number, headers: Headers): Promise<number> {
  const socket = connect(port, '127.0.0.1')
  const fields = [['host', 'proxy.test'], ['connection', 'close'], ...headers]
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.write(`GET /v1/models HTTP/1.1\r\n${lines}\r\n`)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
}

async function findFreePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilListening(
  port: number,
  child: ChildProcess,
  said: () => string,
): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it did not start: ${said()}`)
    if (await canConnect(port)) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
