import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKeyway, type Keyway } from '../../../src/app/create-keyway.ts'
import { createLogger, type Logger } from '../../../src/observability/logger.ts'

let folder: string
let upstream: Server
let keyway: Keyway | null = null
let lines: Record<string, unknown>[]

const log = (): Logger =>
  createLogger({ destination: { write: (line) => void lines.push(JSON.parse(line)) } })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-observe-'))
  lines = []
  upstream = createServer((request, response) => {
    response.writeHead(request.url === '/denied' ? 401 : 200)
    response.end('ok')
  })
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done))
})

afterEach(async () => {
  await keyway?.drain()
  upstream.close()
  await rm(folder, { recursive: true })
})

const config = (rule: string, server = ''): string => `version: 1
server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0, ${server} }
upstreams: { up: 'http://127.0.0.1:${(upstream.address() as AddressInfo).port}' }
routes: [{ name: all, match: { path: /* }, upstream: up, rules: [${rule}] }]
`

interface Started {
  readonly proxy: string
  readonly admin: string
}

async function start(live: string, shadow?: string): Promise<Started> {
  const files = { config: join(folder, 'live.yaml'), shadow: join(folder, 'shadow.yaml') }
  await writeFile(files.config, live)
  if (shadow !== undefined) await writeFile(files.shadow, shadow)
  keyway = await createKeyway({
    config: files.config,
    shadow: shadow === undefined ? undefined : files.shadow,
    log: log(),
  })
  const { proxy, admin } = await keyway.start()
  const port = (address: unknown): number => (address as AddressInfo).port
  return { proxy: `http://127.0.0.1:${port(proxy)}`, admin: `http://127.0.0.1:${port(admin)}` }
}

const metrics = async ({ admin }: Started): Promise<string[]> =>
  (await (await fetch(`${admin}/metrics`)).text()).split('\n')

test('an upstream that refuses is told from Keyway that does', async () => {
  const started = await start(config('use x-api-key'))
  const headers = { authorization: 'Bearer sk-ant-api03-FAKE' }
  await (await fetch(`${started.proxy}/denied`, { headers })).text()
  const own = await fetch(`${started.proxy}/x`, {
    headers: { authorization: 'Bearer sk-ant-ort01-FAKE' },
  })
  expect(own.status).toBe(403)
  expect(own.headers.get('x-keyway-error')).toBe('credential_refused')
  const text = await metrics(started)
  expect(text).toContain(
    'keyway_upstream_refusals_total{upstream="up",status="401",kind="anthropic-api-key"} 1',
  )
  expect(text).toContain('keyway_errors_total{route="all",code="credential_refused"} 1')
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: 'upstream refused the credential',
      upstream: 'up',
      status: 401,
      credentialKind: 'anthropic-api-key',
    }),
  )
  expect(JSON.stringify([lines, text])).not.toContain('FAKE')
})

test('the access log has one line a request, without query and headers', async () => {
  const started = await start(config('use x-api-key', 'accessLog: true'))
  const headers = { 'x-api-key': 'sk-ant-api03-FAKE', 'x-request-id': 'mine' }
  await (await fetch(`${started.proxy}/v1/models?key=FAKEquery`, { headers })).text()
  expect(lines.filter(({ msg }) => msg === 'request')).toEqual([
    expect.objectContaining({
      id: 'mine',
      method: 'GET',
      path: '/v1/models',
      route: 'all',
      rule: 'rules[0]',
      upstream: 'up',
      status: 200,
      origin: 'upstream',
      code: null,
      credentialKind: 'anthropic-api-key',
    }),
  ])
  expect(JSON.stringify(lines)).not.toContain('FAKE')
})

test('a shadow is counted and logged where it differs, and never acted on', async () => {
  const started = await start(config('use x-api-key'), config('use authorization bearer'))
  const headers = { 'x-api-key': 'sk-ant-api03-FAKE' }
  for (let i = 0; i < 3; i++) {
    const response = await fetch(`${started.proxy}/v1/models`, { headers })
    expect(await response.text()).toBe('ok')
  }
  expect(await metrics(started)).toContain('keyway_shadow_differences_total{what="header"} 3')
  const told = lines.filter(({ msg }) => msg === 'shadow decides otherwise')
  expect(told).toEqual([
    expect.objectContaining({
      route: 'all',
      times: 1,
      differences: [
        { what: 'header x-api-key', before: 'present', after: 'absent' },
        { what: 'header authorization', before: 'absent', after: 'present' },
      ],
    }),
  ])
  expect(JSON.stringify(lines)).not.toContain('FAKE')
})

test('a shadow that decides the same is silent', async () => {
  const started = await start(config('use x-api-key'), config('use x-api-key'))
  await (await fetch(`${started.proxy}/v1/models`, { headers: { 'x-api-key': 'sk-FAKE' } })).text()
  expect((await metrics(started)).filter((line) => line.startsWith('keyway_shadow'))).toEqual([])
})
