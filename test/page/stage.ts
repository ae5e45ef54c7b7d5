import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket, WebSocketServer } from 'ws'
import { type KeywayProcess, startKeyway } from '../support/keyway-process.ts'

/** Credentials of a run; none may ever be seen. */
export const CREDENTIALS = {
  client: 'sk-ant-api03-FAKE-of-a-client-0123456789',
  operator: 'sk-proj-FAKE-of-the-operator-0123456789',
  second: 'sk-proj-FAKE-the-second-one-0123456789',
}

/** Keyway over a file of its own, with upstreams that answer as they are asked to. */
export interface Stage {
  readonly admin: string
  /** Writes the file, with lines more at the end of its routes. */
  readonly write: (more?: string) => Promise<void>
  /** Writes one of the files that secrets are read from; null: takes it away. */
  readonly writeSecret: (name: 'first' | 'second', value: string | null) => Promise<void>
  /** Sends a request; x-answer says with which status the upstream answers it. */
  readonly ask: (path: string, headers?: Readonly<Record<string, string>>) => Promise<number>
  /** Opens an event stream and a WebSocket; resolves, once both are open, to what ends them. */
  readonly openStreams: () => Promise<() => Promise<void>>
  /** Ends the second of two targets. */
  readonly endTarget: () => Promise<void>
  readonly close: () => Promise<void>
}

const EVENTS = 'text/event-stream'

const answer: RequestListener = (request, response) => {
  const status = Number(request.headers['x-answer'] ?? 200)
  const delayMs = Number(request.headers['x-delay'] ?? 0)
  request.resume()
  if (request.headers.accept === EVENTS) {
    response.writeHead(200, { 'content-type': EVENTS }).write('data: 1\n\n')
    return
  }
  setTimeout(() => {
    response.writeHead(status, status === 429 ? { 'retry-after': '90' } : {}).end('{}')
  }, delayMs)
}

/** Starts it all. */
export async function startStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'keyway-page-'))
  const file = join(folder, 'routes.yaml')
  const targets = [await serve(), await serve()] as const
  const urls = targets.map(urlOf)
  const write = (more = ''): Promise<void> => writeFile(file, textOf(urls, more))
  const writeSecret: Stage['writeSecret'] = (name, value) =>
    value === null ? rm(join(folder, name)) : writeFile(join(folder, name), value)
  await writeSecret('first', CREDENTIALS.operator)
  await writeSecret('second', CREDENTIALS.second)
  await write()
  const keyway = startKeyway(file)
  const { listen, admin } = await keyway.until('listening')
  return {
    admin: `http://${admin}/`,
    write,
    writeSecret,
    ask: async (path, headers = {}) => {
      const authorization = `Bearer ${CREDENTIALS.client}`
      const sent = { authorization, ...headers }
      const response = await fetch(`http://${listen}${path}`, { method: 'POST', headers: sent })
      await response.text()
      return response.status
    },
    openStreams: () => openStreams(String(listen)),
    endTarget: () => end(targets[1]),
    close: () => closeAll(keyway, targets, folder),
  }
}

async function closeAll(
  keyway: KeywayProcess,
  targets: readonly Server[],
  folder: string,
): Promise<void> {
  keyway.signal('SIGKILL')
  await keyway.exited
  await Promise.all(targets.map(end))
  await rm(folder, { recursive: true })
}

async function serve(): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => socket.on('close', () => socket.terminate()))
  await once(server, 'listening')
  return server
}

async function openStreams(listen: string): Promise<() => Promise<void>> {
  const headers = { authorization: `Bearer ${CREDENTIALS.client}` }
  const aborter = new AbortController()
  const stream = await fetch(`http://${listen}/anthropic/v1/messages`, {
    headers: { ...headers, accept: EVENTS },
    signal: aborter.signal,
  })
  await stream.body?.getReader().read()
  const socket = new WebSocket(`ws://${listen}/anthropic/live`, { headers })
  await once(socket, 'open')
  return async () => {
    aborter.abort()
    socket.close()
    await once(socket, 'close')
  }
}

async function end(server: Server): Promise<void> {
  if (!server.listening) return
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function textOf([first = '', second = '']: readonly string[], more: string): string {
  return `# What the page is shown with.
version: 1

server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0 }

secrets:
  openai: { pool: [{ file: first }, { file: second }] }

upstreams:
  models: { url: ${first} }
  crew:
    targets: [${first}, ${second}]
    eject: { failures: 2, for: 5m }

routes:
  - name: anthropic
    match: { path: /anthropic/* }
    rewrite: { strip: /anthropic }
    upstream: models
    rules:
      - name: login
        if: { credential: { matches: ^sk-ant-oat } }
        use: authorization bearer
      - name: api-key
        if: { credential: { matches: ^sk-ant- } }   # as Claude Code sends it
        use: x-api-key
        else: { use: authorization bearer }

  - name: openai
    match: { path: /openai/* }
    upstream: models
    rules:
      - name: operators-own
        use: { header: authorization, scheme: Bearer, value: "\${secret.openai}" }

  - name: crew
    match: { path: /crew/* }
    upstream: crew
    rules: [{ name: administration, if: { path: /crew/admin/* }, reject: 403 }, { name: others, use: x-api-key }]
${more}`
}
