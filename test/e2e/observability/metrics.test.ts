import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'

vi.setConfig({ testTimeout: 60_000 })

let folder = ''
let file = ''
let upstream: Server
let keyway: KeywayProcess | null = null
const sockets = new Set<Socket>()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-metrics-'))
  file = join(folder, 'routes.yaml')
  upstream = createServer(answer)
  upstream.on('upgrade', (_request, socket) => {
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    )
    socket.on('data', (bytes: Buffer) => socket.write(bytes))
    socket.on('end', () => socket.end())
  })
  upstream.on('connection', (socket: Socket) => sockets.add(socket))
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done))
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  keyway = null
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  upstream.close()
  await rm(folder, { recursive: true })
})

/** Answers with the status that the path names; streams events where it asks for them. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  request.resume()
  const status = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200)
  const isStream = request.url?.startsWith('/events') ?? false
  request.on('end', () => {
    if (!isStream) response.writeHead(status, { 'retry-after': '60' }).end('abc')
    else response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n')
  })
}

const url = (): string => `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`

const config = (route = 'all', more = ''): string => `version: 1
server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0 }
secrets: { pool: { pool: [{ env: FIRST }, { file: gone }] } }
upstreams:
  up: { url: "${url()}" }
  spare: { url: "${url()}", accepts: [openai] }
  dead: { url: "http://127.0.0.1:1", retry: { attempts: 1 } }
  crew: { targets: ["${url()}", "http://127.0.0.1:1"], eject: { failures: 1 }, retry: { attempts: 1 } }
routes:
  - name: ${route}
    match: { path: /* }
    upstream: up
    rules: [{ name: key, if: { credential: { matches: ^sk-ant-api } }, use: x-api-key, else: { use: authorization bearer } }]
  - { name: fails, match: { path: /fails/* }, upstream: dead, fallback: [{ on: [connect], upstream: spare }] }
  - { name: crew, match: { path: /crew/* }, upstream: crew }
  - name: pool
    match: { path: /pool/* }
    upstream: up
    rules: [{ name: own, use: { header: authorization, scheme: Bearer, value: "\${secret.pool}" } }]
limits: [{ name: few, match: { route: fails }, by: route, requests: 2/h }]
${more}`

interface Running {
  readonly proxy: string
  readonly admin: string
  readonly port: number
}

async function serve(text = config(), args: readonly string[] = []): Promise<Running> {
  await writeFile(file, text)
  keyway = startKeyway(file, { args: [...args], env: { FIRST: 'sk-proj-FAKE-first' } })
  const { listen, admin } = await keyway.until('listening')
  const port = Number(String(listen).split(':').at(-1))
  return { proxy: `http://${listen}`, admin: `http://${admin}`, port }
}

async function ask({ proxy }: Running, path: string, options: RequestInit = {}): Promise<number> {
  const response = await fetch(proxy + path, options)
  await response.text()
  return response.status
}

async function scrape({ admin }: Running): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${admin}/metrics`)).text()
  const lines = text.split('\n').filter((line) => line.startsWith('keyway_'))
  return new Map(
    lines.map((line) => {
      const end = line.lastIndexOf(' ')
      return [line.slice(0, end), Number(line.slice(end + 1))]
    }),
  )
}

/** Waits until all of these series have these values. */
async function settled(running: Running, series: Readonly<Record<string, number>>): Promise<void> {
  const read = async (): Promise<Record<string, number | undefined>> => {
    const all = await scrape(running)
    return Object.fromEntries(Object.keys(series).map((name) => [name, all.get(name)]))
  }
  await expect.poll(read, { timeout: 30_000 }).toEqual(series)
}

describe.each([{ workers: 1 }, { workers: 2 }])('with $workers processes', ({ workers }) => {
  const args = ['--workers', String(workers)]

  test('what became of requests, by route, rule, branch, kind and origin, and their bytes', async () => {
    const running = await serve(config(), args)
    const anthropic = { 'x-api-key': 'sk-ant-api03-FAKE' }
    await ask(running, '/v1', { method: 'POST', body: '12345', headers: anthropic })
    await ask(running, '/status/500', { headers: anthropic })
    await ask(running, '/v1', { headers: { 'x-api-key': 'sk-proj-FAKE' } })
    await ask(running, '/v1', { headers: { 'x-api-key': 'sk-ant-ort01-FAKE' } })
    const route = 'route="all"'
    await settled(running, {
      [`keyway_requests_total{${route},upstream="up",status="200",origin="upstream"}`]: 2,
      [`keyway_rule_requests_total{${route},rule="key",branch="then",status_class="2xx",origin="upstream"}`]: 1,
      [`keyway_rule_requests_total{${route},rule="key",branch="then",status_class="5xx",origin="upstream"}`]: 1,
      [`keyway_rule_requests_total{${route},rule="key",branch="else",status_class="2xx",origin="upstream"}`]: 1,
      [`keyway_credential_requests_total{${route},kind="anthropic-api-key",status_class="5xx",origin="upstream"}`]: 1,
      [`keyway_credential_requests_total{${route},kind="openai",status_class="2xx",origin="upstream"}`]: 1,
      [`keyway_errors_total{${route},code="credential_refused"}`]: 1,
      [`keyway_received_bytes_total{${route}}`]: 5,
      [`keyway_sent_bytes_total{${route}}`]: 9,
      [`keyway_request_duration_seconds_count{${route}}`]: 4,
      [`keyway_request_first_byte_seconds_count{${route}}`]: 3,
      [`keyway_request_added_seconds_count{${route}}`]: 3,
      'keyway_upstream_first_byte_seconds_count{upstream="up"}': 3,
    })
  })

  test('open streams and WebSockets, told apart', async () => {
    const running = await serve(config(), args)
    const reader = (await fetch(`${running.proxy}/events`)).body?.getReader()
    await reader?.read()
    const socket = connect(running.port, '127.0.0.1')
    socket.write(
      'GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await new Promise((resolve) => socket.once('data', resolve))
    const open = (form: string): string => `keyway_open_requests{route="all",form="${form}"}`
    await settled(running, { [open('plain')]: 0, [open('sse')]: 1, [open('websocket')]: 1 })
    socket.end()
    await reader?.cancel()
    await settled(running, { [open('plain')]: 0, [open('sse')]: 0, [open('websocket')]: 0 })
  })

  test('retries, fallbacks, ejections, limits and keys', async () => {
    const running = await serve(config(), args)
    for (let turn = 0; turn < 3; turn += 1) await ask(running, '/fails/a')
    for (let turn = 0; turn < 6; turn += 1) await ask(running, '/crew/a')
    await ask(running, '/pool/status/429')
    await settled(running, {
      'keyway_upstream_fallbacks_total{upstream="dead",next="spare"}': 2,
      'keyway_upstream_retries_total{upstream="dead"}': 2,
      'keyway_upstream_target_up{upstream="crew",target="http://127.0.0.1:1"}': 0,
      [`keyway_upstream_target_up{upstream="crew",target="${url()}"}`]: 1,
      'keyway_allowed_requests_total{limit="few"}': 2,
      'keyway_limited_requests_total{limit="few"}': 1,
      keyway_limit_store_up: 1,
      'keyway_secret_keys{secret="pool"}': 2,
      'keyway_secret_keys_unreadable{secret="pool"}': 1,
      'keyway_secret_keys_resting{secret="pool"}': 1,
    })
    const series = await scrape(running)
    const ejections = series.get(
      'keyway_upstream_ejections_total{upstream="crew",target="http://127.0.0.1:1"}',
    )
    expect(ejections).toBeGreaterThanOrEqual(1)
    expect(
      series.get(`keyway_upstream_connections{upstream="up",target="${url()}"}`),
    ).toBeGreaterThan(0)
  })

  test('a refused reload, and the next that is not', async () => {
    const running = await serve(config(), args)
    const state = 'keyway_config_last_reload_successful'
    const loaded = 'keyway_config_last_reload_success_timestamp_seconds'
    const before = (await scrape(running)).get(loaded) ?? 0
    expect(before).toBeGreaterThan(1_000_000_000)
    await settled(running, { [state]: 1, keyway_config_generation: 1 })
    await writeFile(file, config('all', '  broken'))
    await settled(running, { [state]: 0, 'keyway_reloads_total{outcome="refused"}': 1 })
    expect((await scrape(running)).get(loaded)).toBe(before)
    await writeFile(file, config('other'))
    await settled(running, { [state]: 1, keyway_config_generation: 2 })
    expect((await scrape(running)).get(loaded)).toBeGreaterThan(before)
  })

  test('series of a route that is gone are gone', async () => {
    const running = await serve(config('before'), args)
    for (let turn = 0; turn < 4; turn += 1) await ask(running, '/v1')
    await settled(running, { 'keyway_sent_bytes_total{route="before"}': 12 })
    await writeFile(file, config('after'))
    await settled(running, { keyway_config_generation: 2 })
    await ask(running, '/v1')
    await settled(running, { 'keyway_sent_bytes_total{route="after"}': 3 })
    const names = [...(await scrape(running)).keys()]
    expect(names.filter((name) => name.includes('before'))).toEqual([])
  })
})

test('a client adds no series, whatever it sends', async () => {
  const running = await serve()
  const round = async (seed: number): Promise<void> => {
    for (let turn = 0; turn < 100; turn += 1) {
      const any = `${seed}x${turn}`
      // Statuses that have a name, and those that nobody has heard of.
      const status = 200 + ((turn * 7 + (turn < 50 ? 0 : seed)) % 399)
      await ask(running, `/${any}/status/${turn < 50 ? 200 : status}?${any}`, {
        method: ['GET', 'PURGE', `X${turn}`][turn % 3] as string,
        headers: {
          'x-api-key': `${['sk-ant-api03-', 'sk-proj-', 'AIza', any][turn % 4]}FAKE${any}`,
          'user-agent': any,
          'x-request-id': any,
          [`x-${any}`]: any,
        },
      }).catch(() => undefined)
    }
  }
  const known = /^(?:[1-5]\dx|[1-9]xx|\d{3})$/
  await round(1)
  await round(2)
  const first = await scrape(running)
  await round(3)
  await round(4)
  const second = await scrape(running)
  const families = (series: ReadonlyMap<string, number>): string[] => [
    ...new Set([...series.keys()].map((name) => name.replace(/status="[^"]*"/, ''))),
  ]
  expect(families(second)).toEqual(families(first))
  const statuses = [...second.keys()].flatMap((name) => /status="([^"]*)"/.exec(name)?.[1] ?? [])
  expect(new Set(statuses).size).toBeLessThan(80)
  expect(statuses.filter((status) => !known.test(status))).toEqual([])
  expect([...second.keys()].filter((name) => /x\d|PURGE|FAKE/.test(name))).toEqual([])
})

test('a scraper that prefers OpenMetrics is given it', async () => {
  const running = await serve()
  await ask(running, '/v1')
  const accept = 'application/openmetrics-text;version=1.0.0;q=0.9,text/plain;q=0.5'
  const response = await fetch(`${running.admin}/metrics`, { headers: { accept } })
  expect(response.headers.get('content-type')).toContain('application/openmetrics-text')
  const text = await response.text()
  expect(text).toContain('# TYPE keyway_requests counter\nkeyway_requests_total{route="all"')
  expect(text.endsWith('# EOF\n')).toBe(true)
  const plain = await fetch(`${running.admin}/metrics`)
  expect(plain.headers.get('content-type')).toContain('text/plain')
  expect(await plain.text()).toContain('# TYPE keyway_requests_total counter')
})
