import { hash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { verifyFiles } from '../../../src/audit/verify-files.ts'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'

vi.setConfig({ testTimeout: 90_000 })

const SECRET = 'sk-FAKE-operators-own'

let folder = ''
let trail = ''
let upstream: Server
let host = ''
let asked: (string | undefined)[] = []
let processes: KeywayProcess[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-audit-'))
  trail = join(folder, 'audit.jsonl')
  asked = []
  processes = []
  upstream = createServer((request, response) => {
    asked.push(request.headers['x-api-key'] as string | undefined)
    response.writeHead(request.url === '/busy' ? 503 : 200).end('fine')
  })
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(upstream.address() as AddressInfo).port}`
  await writeFile(join(folder, 'ci'), `${hash('sha256', 'token-FAKE')}\n`)
})

afterEach(async () => {
  for (const process of processes) process.signal('SIGKILL')
  await Promise.all(processes.map((process) => process.exited))
  upstream.close()
  upstream.closeAllConnections()
  await rm(folder, { recursive: true })
})

const config = (audit: string): string => `version: 1
server: { listen: 127.0.0.1:0, admin: 'off' }
audit: ${audit}
secrets: { own: { env: OWN }, gone: { file: nothing } }
clients: { tokens: { ci: { file: ci } } }
upstreams:
  one: { url: 'http://${host}', retry: { attempts: 2, on: [503], backoff: 1ms, budget: 100% } }
  claude: { url: 'http://127.0.0.1:1', accepts: [anthropic-api-key] }
  dead: http://127.0.0.1:1
  echo: builtin:echo
limits: [{ name: few, match: { route: limited }, by: client, requests: 1/h }]
routes:
  - { name: one, match: { path: /one }, upstream: one, rules: [&own { name: own, use: { header: x-api-key, value: '\${secret.own}' } }] }
  - { name: plain, match: { path: /plain }, upstream: one }
  - { name: busy, match: { path: /busy }, upstream: one, rules: [*own] }
  - { name: echo, match: { path: /echo }, upstream: echo, rules: [*own] }
  - { name: limited, match: { path: /limited }, upstream: one, rules: [*own] }
  - { name: dead, match: { path: /dead }, upstream: dead, rules: [*own] }
  - { name: claude, match: { path: /claude }, upstream: claude, rules: [*own] }
  - { name: gone, match: { path: /gone }, upstream: one, rules: [{ name: gone, use: { header: x-api-key, value: '\${secret.gone}' } }] }
`

interface Serving {
  readonly process: KeywayProcess
  readonly ask: (path: string, token?: string | null) => Promise<number>
}

async function serve(
  audit = '{ file: audit.jsonl }',
  args: readonly string[] = [],
): Promise<Serving> {
  const file = join(folder, 'routes.yaml')
  await writeFile(file, config(audit))
  const process = startKeyway(file, { env: { OWN: SECRET }, args })
  processes.push(process)
  const { listen } = await process.until('listening')
  return {
    process,
    async ask(path, token = 'token-FAKE') {
      const headers = token === null ? {} : { 'x-keyway-token': token }
      const response = await fetch(`http://${listen}${path}`, { headers })
      await response.arrayBuffer()
      return response.status
    },
  }
}

async function linesIn(file = trail): Promise<Record<string, unknown>[]> {
  const text = await readFile(file, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

const verify = (...files: string[]): ReturnType<typeof verifyFiles> =>
  verifyFiles({ files, after: null, holds: null })

const CLIENT = { client: 'ci', address: '127.0.0.1' }

describe('a request has its lines', () => {
  test.each<{
    name: string
    path: string
    token?: string | null
    status: number
    lines: () => readonly object[]
  }>([
    {
      name: 'a secret that is used',
      path: '/one',
      status: 200,
      lines: () => [
        {
          ...CLIENT,
          n: 1,
          outcome: 'used',
          secret: 'own',
          fingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
          route: 'one',
          rule: 'own',
          upstream: 'one',
          host,
          code: null,
          id: expect.any(String),
          time: expect.stringMatching(/Z$/),
        },
      ],
    },
    { name: 'none where none is added', path: '/plain', status: 200, lines: () => [] },
    { name: 'none where there is no route', path: '/none', status: 404, lines: () => [] },
    {
      name: 'one for each time that it leaves',
      path: '/busy',
      status: 503,
      lines: () => Array.from({ length: 3 }, () => ({ ...CLIENT, outcome: 'used', route: 'busy' })),
    },
    {
      name: 'the embedded upstream',
      path: '/echo',
      status: 200,
      lines: () => [{ outcome: 'used', upstream: 'echo', host: 'builtin:echo' }],
    },
    {
      name: 'a secret that can not be read',
      path: '/gone',
      status: 503,
      lines: () => [
        {
          ...CLIENT,
          outcome: 'refused',
          secret: 'gone',
          fingerprint: null,
          route: 'gone',
          rule: 'gone',
          upstream: 'one',
          host,
          code: 'secret_unavailable',
        },
      ],
    },
    {
      name: 'a client that shows no token',
      path: '/one',
      token: null,
      status: 401,
      lines: () => [
        {
          outcome: 'refused',
          secret: 'own',
          client: null,
          address: '127.0.0.1',
          route: 'one',
          host,
          code: 'client_unauthenticated',
        },
      ],
    },
    {
      name: 'an upstream that could not be reached',
      path: '/dead',
      status: 502,
      lines: () => [
        { outcome: 'used', upstream: 'dead', host: '127.0.0.1:1' },
        { outcome: 'used', upstream: 'dead', host: '127.0.0.1:1' },
      ],
    },
    {
      name: 'an upstream that does not take its kind',
      path: '/claude',
      status: 403,
      lines: () => [
        { outcome: 'refused', secret: 'own', upstream: 'claude', code: 'credential_not_accepted' },
      ],
    },
  ])('$name', async ({ path, token, status, lines }) => {
    const { ask } = await serve()
    expect(await ask(path, token)).toBe(status)
    expect(await linesIn()).toMatchObject(lines())
    expect((await verify(trail)).break).toBeNull()
  })

  test('a limit that is reached', async () => {
    const { ask } = await serve()
    expect([await ask('/limited'), await ask('/limited')]).toEqual([200, 429])
    expect(await linesIn()).toMatchObject([
      { outcome: 'used', secret: 'own' },
      { outcome: 'refused', secret: 'own', route: 'limited', host, code: 'rate_limited' },
    ])
  })

  test('and no value in any of them', async () => {
    const { ask } = await serve()
    for (const path of ['/one', '/busy', '/echo', '/gone']) await ask(path)
    const text = await readFile(trail, 'utf8')
    for (const value of [SECRET, 'token-FAKE'])
      for (const form of [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)])
        expect(text).not.toContain(form)
  })
})

describe('while the file can not be written', () => {
  const away = 'no/such/folder/audit.jsonl'

  test('nothing leaves, and requests without a secret go on', async () => {
    const { ask, process } = await serve(`{ file: ${away} }`)
    expect(await process.until('audit file cannot be written')).toMatchObject({
      level: 'error',
      code: 'ENOENT',
    })
    expect([await ask('/one'), await ask('/one'), await ask('/plain')]).toEqual([503, 503, 200])
    expect(asked).toEqual([undefined])
    process.signal('SIGTERM')
    await process.exited
    expect(process.lines.filter(({ msg }) => msg === 'audit file cannot be written')).toHaveLength(
      1,
    )
  })

  test('all go on where the file says so', async () => {
    const { ask, process } = await serve(`{ file: ${away}, away: open }`)
    await process.until('audit file cannot be written')
    expect(await ask('/one')).toBe(200)
    expect(asked).toEqual([SECRET])
  })

  test('it is told when it can be written again, and the chain goes on', async () => {
    const { ask, process } = await serve()
    expect(await ask('/one')).toBe(200)
    await rename(trail, `${trail}.1`)
    await mkdir(trail)
    expect(await ask('/one')).toBe(503)
    await process.until('audit file cannot be written')
    await rmdir(trail)
    expect(await ask('/one')).toBe(200)
    await process.until('audit file can be written again')
    expect(await verify(`${trail}.1`, trail)).toMatchObject({ lines: 2, break: null })
  })
})

test('a reload begins another trail, and ends it', async () => {
  const { ask, process } = await serve()
  await ask('/one')
  await writeFile(join(folder, 'routes.yaml'), config('{ file: other.jsonl }'))
  await process.until('configuration applied')
  await ask('/one')
  expect(await linesIn(join(folder, 'other.jsonl'))).toMatchObject([{ n: 1 }])
  await writeFile(join(folder, 'routes.yaml'), config('{ file: audit.jsonl }'))
  await process.until('configuration applied')
  await ask('/one')
  expect(await verify(trail)).toMatchObject({ lines: 2, break: null })
})

test('workers write one trail', async () => {
  const { ask, process } = await serve(undefined, ['--workers', '2'])
  expect(await Promise.all(Array.from({ length: 40 }, () => ask('/one')))).toEqual(
    Array.from({ length: 40 }, () => 200),
  )
  expect(await ask('/gone')).toBe(503)
  process.signal('SIGTERM')
  expect(await process.exited).toBe(0)
  expect(await verify(trail)).toMatchObject({ lines: 41, break: null })
  const prints = new Set((await linesIn()).map(({ fingerprint }) => fingerprint))
  expect(prints.size).toBe(2)
})

test('workers let nothing leave that can not be noted', async () => {
  const { ask } = await serve('{ file: no/such/audit.jsonl }', ['--workers', '2'])
  expect([await ask('/one'), await ask('/plain')]).toEqual([503, 200])
  expect(asked).toEqual([undefined])
})

test('a process that is killed has noted whatever left, and its successor goes on', async () => {
  let answered = 0
  for (const round of [1, 2, 3]) {
    const { ask, process } = await serve()
    const asking = Array.from({ length: 8 }, async () => {
      for (let count = 0; count < 1_000; count++) {
        if ((await ask('/one')) === 200) answered += 1
      }
    })
    const settled = Promise.allSettled(asking)
    await vi.waitUntil(() => asked.length > round * 50, { timeout: 60_000, interval: 1 })
    process.signal('SIGKILL')
    await process.exited
    await settled
  }
  const report = await verify(trail)
  expect(report.break).toBeNull()
  expect(report.lines).toBeGreaterThanOrEqual(asked.length)
  expect(asked.length).toBeGreaterThanOrEqual(answered)
})
