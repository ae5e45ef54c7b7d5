import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'
import { exchangeRaw } from '../../support/raw-client.ts'
import { type RecordingUpstream, startUpstream } from '../../support/recording-upstream.ts'
import { type RedisProcess, startRedis } from './start-redis.ts'

let folder = ''
let upstream: RecordingUpstream
let processes: KeywayProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-limits-'))
  processes = []
})

afterEach(async () => {
  for (const process of processes) process.signal('SIGKILL')
  await Promise.all(processes.map((process) => process.exited))
  await rm(folder, { recursive: true })
})

interface Limited {
  readonly process: KeywayProcess
  readonly url: string
}

/** Starts Keyway with limits over the embedded echo. */
async function serve(
  limits: string,
  {
    server = '',
    args = [],
    routes = ROUTES,
  }: { server?: string; args?: string[]; routes?: string } = {},
): Promise<Limited> {
  const file = join(folder, `routes-${processes.length}.yaml`)
  await writeFile(
    file,
    `version: 1
server: { listen: 127.0.0.1:0, admin: off${server} }
${routes}
limits:
${limits}
`,
  )
  const process = startKeyway(file, { args })
  processes.push(process)
  const line = await process.until('listening')
  return { process, url: `http://${String(line.listen)}` }
}

const ROUTES = `upstreams:
  echo: builtin:echo
routes:
  - { name: openai, match: { path: /openai/* }, upstream: echo, errors: openai }
  - { name: free, match: { path: /free/* }, upstream: echo }`

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

function ask(url: string, credential = 'sk-proj-FAKE-one'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${credential}` }
    get(url, { headers, agent: false }, (response) => {
      const { statusCode = 0, headers } = response
      text(response).then((body) => resolve({ status: statusCode, headers, body }), reject)
    }).on('error', reject)
  })
}

async function statuses(count: number, url: string, credential?: string): Promise<number[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => ask(url, credential)))
  return answers.map(({ status }) => status)
}

const passed = (answers: readonly number[]): number =>
  answers.filter((status) => status === 200).length

test('a credential gets as many answers as its limit says, in its own envelope', async () => {
  const { url } = await serve(
    '  - { name: per-key, match: { route: openai }, by: credential, requests: 3/h }',
  )
  expect(passed(await statuses(5, `${url}/openai/v1`))).toBe(3)
  const refused = await ask(`${url}/openai/v1`)
  expect(refused.status).toBe(429)
  expect(refused.headers['x-keyway-error']).toBe('rate_limited')
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3_000)
  expect(refused.headers['ratelimit-policy']).toBe('"per-key";q=3;w=3600')
  expect(refused.headers.ratelimit).toMatch(/^"per-key";r=0;t=3\d\d\d$/)
  expect(JSON.parse(refused.body)).toMatchObject({ error: { code: 'rate_limited' } })
  expect(await statuses(1, `${url}/openai/v1`, 'sk-proj-FAKE-two')).toEqual([200])
  expect(passed(await statuses(5, `${url}/free/v1`))).toBe(5)
})

test('pipelined requests keep their order while their limits are looked at', async () => {
  const { url } = await serve(
    '  - { name: two, by: route, match: { route: openai }, requests: 2/h }',
  )
  const asking = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: a\r\n${more}\r\n`
  const address = { host: '127.0.0.1', port: Number(new URL(url).port) }
  const bytes = await exchangeRaw(
    address,
    asking('/openai/1') +
      asking('/none') +
      asking('/openai/2') +
      asking('/openai/3', 'connection: close\r\n'),
  )
  const answered = [...bytes.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status)
  expect(answered).toEqual(['200', '404', '200', '429'])
})

describe('requests at once', () => {
  beforeEach(async () => {
    upstream = await startUpstream(async (connection) => {
      await connection.head()
      connection.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: 1\n\n')
    })
  })
  afterEach(() => upstream.close())

  const routes = () => `upstreams: { up: "${upstream.url}" }
routes:
  - { name: up, match: { path: /* }, upstream: up }`

  test('a stream holds its place until it ends, also by its client', async () => {
    const { url } = await serve('  - { name: one, by: address, atOnce: 1 }', { routes: routes() })
    const stream = request(url, { agent: false }).end()
    await new Promise((resolve) => stream.once('response', resolve))
    expect((await ask(url)).headers['x-keyway-error']).toBe('too_many_at_once')
    const connection = await upstream.connection(0)
    stream.destroy()
    await connection.closed()
    const second = request(url, { agent: false }).end()
    const status = await new Promise((resolve) =>
      second.once('response', (response) => resolve(response.statusCode)),
    )
    expect(status).toBe(200)
    second.destroy()
  })
})

test('the workers of a machine share each limit', async () => {
  const { url } = await serve('  - { name: shared, by: credential, requests: 7/h, atOnce: 100 }', {
    args: ['--workers', '2'],
  })
  expect(passed(await statuses(40, `${url}/openai/v1`))).toBe(7)
})

describe('in Redis', () => {
  let redis: RedisProcess
  beforeEach(async () => {
    redis = await startRedis()
  })
  afterEach(() => redis.stop())

  const store = (away: string) => `, store: { redis: "${redis.url}", away: ${away} }`

  test('two machines share a limit, and no request over it passes', async () => {
    const limit = '  - { name: shared, by: credential, requests: 50/h }'
    const one = await serve(limit, { server: store('closed') })
    const two = await serve(limit, { server: store('closed') })
    const answers = await Promise.all([
      statuses(60, `${one.url}/openai/v1`),
      statuses(60, `${two.url}/openai/v1`),
    ])
    expect(passed(answers.flat())).toBe(50)
  })

  test.each([
    { away: 'closed', without: 503 },
    { away: 'open', without: 200 },
  ])('a store that goes away and comes back: $away', async ({ away, without }) => {
    const { url, process } = await serve('  - { name: many, by: address, requests: 1000/h }', {
      server: store(away),
    })
    expect((await ask(`${url}/openai/v1`)).status).toBe(200)
    await redis.stop()
    expect((await ask(`${url}/openai/v1`)).status).toBe(without)
    const told = await process.until('limit store is away')
    expect(told).toMatchObject({ store: `127.0.0.1:${redis.port}`, code: expect.any(String) })
    redis = await startRedis(redis.port)
    await expect
      .poll(
        async () => {
          await ask(`${url}/openai/v1`)
          return process.lines.some(({ msg }) => msg === 'limit store is back')
        },
        { timeout: 60_000 },
      )
      .toBe(true)
    expect((await ask(`${url}/openai/v1`)).status).toBe(200)
  })

  test('no credential stands in it', async () => {
    const { url } = await serve('  - { name: shared, by: credential, requests: 50/h, atOnce: 2 }', {
      server: store('closed'),
    })
    await ask(`${url}/openai/v1`, 'sk-proj-FAKE-secret-of-a-client')
    const dump = await redis.dump()
    expect(dump).toContain('keyway:rate:shared')
    expect(dump).not.toContain('FAKE')
  })
})
