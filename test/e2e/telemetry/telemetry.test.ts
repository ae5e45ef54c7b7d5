import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'
import { type Collector, startCollector, under } from './collector.ts'

vi.setConfig({ testTimeout: 90_000 })

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const PARENT = 'b7ad6b7169203331'
const SECRET = 'sk-FAKE-operators-own'
const KEY = 'sk-FAKE-clients-own'

let folder = ''
let upstream: Server
let host = ''
let asked: IncomingHttpHeaders[] = []
let collector: Collector | null = null
let keyway: KeywayProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-telemetry-'))
  asked = []
  upstream = createServer((request, response) => {
    asked.push(request.headers)
    request.resume().on('end', () => {
      const status = request.url?.includes('busy') && asked.length === 1 ? 503 : 200
      response.writeHead(status).end('fine')
    })
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  keyway = null
  collector?.close()
  collector = null
  upstream.close()
  upstream.closeAllConnections()
  await rm(folder, { recursive: true })
})

const config = (server = ''): string => `version: 1
server: { listen: 127.0.0.1:0, admin: 'off'${server} }
secrets: { own: { env: OWN } }
upstreams: { one: { provider: openai, url: 'http://${host}', retry: { on: [503], backoff: 1ms, budget: 100% } } }
routes:
  - { name: chat, match: { path: /v1/* }, upstream: one }
  - name: own
    match: { path: /own/* }
    upstream: one
    rewrite: { path: '/bot\${secret.own}/x' }
    rules: [{ name: all, use: { header: x-api-key, value: '\${secret.own}' } }]
`

interface Serving {
  readonly process: KeywayProcess
  readonly url: string
}

async function serve(
  env: Readonly<Record<string, string>>,
  { server = '', args = [] }: { server?: string; args?: string[] } = {},
): Promise<Serving> {
  const file = join(folder, 'routes.yaml')
  await writeFile(file, config(server))
  const process = startKeyway(file, { env: { OWN: SECRET, ...env }, args })
  keyway = process
  const { listen } = await process.until('listening')
  return { process, url: `http://${listen}` }
}

async function ask(url: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(url, { method: 'POST', body: '{}', headers })
  await response.arrayBuffer()
  return response.status
}

async function end({ process }: Serving): Promise<void> {
  process.signal('SIGTERM')
  expect(await process.exited).toBe(0)
}

const json = ({ url }: Collector): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
})

test('a request and each of its attempts is a span of the trace that its client began', async () => {
  collector = await startCollector()
  const serving = await serve(json(collector))
  const headers = {
    authorization: `Bearer ${KEY}`,
    traceparent: `00-${TRACE}-${PARENT}-00`,
    tracestate: 'a=1',
  }
  expect(await ask(`${serving.url}/v1/chat/completions?busy=${KEY}x`, headers)).toBe(200)
  await end(serving)
  const [first, second, request] = collector.spans()
  expect(request).toMatchObject({
    name: 'POST /v1/*',
    kind: 2,
    traceId: TRACE,
    parentSpanId: PARENT,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/v1/*',
      'http.response.status_code': 200,
      'url.path': '/v1/chat/completions',
      'url.scheme': 'http',
      'client.address': '127.0.0.1',
      'keyway.route': 'chat',
      'keyway.upstream': 'one',
    },
  })
  const common = {
    'url.full': `http://${host}/v1/chat/completions`,
    'server.address': '127.0.0.1',
    'gen_ai.provider.name': 'openai',
    'gen_ai.operation.name': 'chat',
  }
  const parentSpanId = request?.spanId
  expect([first, second]).toMatchObject([
    {
      name: 'chat',
      kind: 3,
      parentSpanId,
      status: { code: 2 },
      attributes: { ...common, 'http.response.status_code': 503, 'error.type': '503' },
    },
    {
      name: 'chat',
      kind: 3,
      parentSpanId,
      attributes: { ...common, 'http.response.status_code': 200, 'http.request.resend_count': 1 },
    },
  ])
  expect(asked.map(({ traceparent, tracestate }) => [traceparent, tracestate])).toEqual([
    [`00-${TRACE}-${first?.spanId}-01`, 'a=1'],
    [`00-${TRACE}-${second?.spanId}-01`, 'a=1'],
  ])
})

test('no credential is in anything that is sent, and what else OpenTelemetry names is', async () => {
  collector = await startCollector()
  const serving = await serve({
    ...json(collector),
    OTEL_SERVICE_NAME: 'egress',
    OTEL_RESOURCE_ATTRIBUTES: 'team=blue',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-token=FAKE',
  })
  expect(await ask(`${serving.url}/own/x?q=${KEY}`)).toBe(200)
  expect(await ask(`${serving.url}/v1/${KEY}`, { authorization: `Bearer ${KEY}` })).toBe(200)
  await end(serving)
  expect(asked[0]).toMatchObject({ 'x-api-key': SECRET })
  const all = collector.received.map(({ body }) => body.toString()).join('\n')
  for (const value of [SECRET, KEY])
    for (const form of [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)])
      expect(all).not.toContain(form)
  for (const word of ['egress', 'team', 'blue', 'keyway_requests_total'])
    expect(all).toContain(word)
  expect(new Set(collector.received.map(({ path }) => path))).toEqual(
    new Set(['/v1/traces', '/v1/metrics']),
  )
  for (const { headers } of collector.received)
    expect(headers).toMatchObject({ 'x-collector-token': 'FAKE' })
})

test('as Protocol Buffers, which is the default', async () => {
  collector = await startCollector()
  const serving = await serve({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  expect(await ask(`${serving.url}/v1/models`)).toBe(200)
  await end(serving)
  const bodyOf = (signal: string): Buffer =>
    collector?.received.find(({ path }) => path === signal)?.body ?? Buffer.alloc(0)
  // ResourceSpans, ScopeSpans, Span, its name; ResourceMetrics, ScopeMetrics, Metric, its name.
  const spans = under(bodyOf('/v1/traces'), 1, 2, 2, 5).map(String)
  expect(spans).toEqual(['POST', 'POST /v1/*'])
  expect(under(bodyOf('/v1/metrics'), 1, 2, 2, 1).map(String)).toContain('keyway_requests_total')
  for (const { headers } of collector.received)
    expect(headers['content-type']).toBe('application/x-protobuf')
})

test('workers send what each of them does', async () => {
  collector = await startCollector()
  const serving = await serve(json(collector), { args: ['--workers', '2'] })
  await Promise.all(Array.from({ length: 20 }, () => ask(`${serving.url}/v1/models`)))
  await end(serving)
  expect(collector.spans().filter(({ kind }) => kind === 2)).toHaveLength(20)
})

test('a sampler of the environment', async () => {
  collector = await startCollector()
  const serving = await serve({ ...json(collector), OTEL_TRACES_SAMPLER: 'always_off' })
  expect(await ask(`${serving.url}/v1/models`)).toBe(200)
  await end(serving)
  expect(collector.spans()).toEqual([])
  expect(asked[0]?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
})

test('a collector that answers nothing holds up no request, nor the end', async () => {
  collector = await startCollector('mute')
  const serving = await serve({ ...json(collector), OTEL_BSP_SCHEDULE_DELAY: '10' })
  const statuses = await Promise.all(
    Array.from({ length: 400 }, () => ask(`${serving.url}/v1/models`)),
  )
  expect(new Set(statuses)).toEqual(new Set([200]))
  await end(serving)
})

test('one that is not there is told once', async () => {
  const serving = await serve({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_BSP_SCHEDULE_DELAY: '10',
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
  })
  await ask(`${serving.url}/v1/models`)
  expect(await serving.process.until('telemetry is not taken')).toMatchObject({ signal: 'traces' })
  await ask(`${serving.url}/v1/models`)
  await end(serving)
  const told = serving.process.lines.filter(({ msg }) => msg === 'telemetry is not taken')
  expect(told).toHaveLength(1)
})

test('the context does not go on where the file says so', async () => {
  collector = await startCollector()
  const serving = await serve(json(collector), { server: ', trace: drop' })
  await ask(`${serving.url}/v1/models`, { traceparent: `00-${TRACE}-${PARENT}-01` })
  await end(serving)
  expect(asked[0]?.traceparent).toBeUndefined()
  expect(collector.spans().map(({ traceId }) => traceId)).toEqual([TRACE, TRACE])
})
