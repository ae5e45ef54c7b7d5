import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type KeywayProcess, startKeyway } from '../../support/keyway-process.ts'

let folder = ''
let file = ''
let keyway: KeywayProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-admin-'))
  file = join(folder, 'routes.yaml')
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  keyway = null
  await rm(folder, { recursive: true })
})

const SECRET = 'sk-proj-FAKE-of-the-operator'
const CLIENTS = 'sk-ant-api03-FAKE-of-a-client'

function config(extra = ''): string {
  return `version: 1
server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0 }
secrets: { own: { env: OWN }, gone: { file: ${folder}/gone } }
upstreams: { echo: builtin:echo, dead: "http://127.0.0.1:1" }
routes:
  - name: echo
    match: { path: /echo/* }
    upstream: echo
    rules:
      - { name: key, if: { credential: { matches: ^sk-ant-api } }, use: x-api-key, else: { use: authorization bearer } }
  - name: dead
    match: { path: /dead/* }
    upstream: dead
    rules: [{ name: own, use: { header: authorization, scheme: Bearer, value: "\${secret.own}" } }]
  - name: lost
    match: { path: /lost/* }
    upstream: dead
    rules: [{ name: gone, use: { header: authorization, scheme: Bearer, value: "\${secret.gone}" } }]
${extra}`
}

interface Running {
  readonly proxy: string
  readonly admin: string
  readonly process: KeywayProcess
}

async function serve(text: string, args: readonly string[] = []): Promise<Running> {
  await writeFile(file, text)
  keyway = startKeyway(file, { args: [...args], env: { OWN: SECRET } })
  const line = await keyway.until('listening')
  return { proxy: `http://${line.listen}`, admin: `http://${line.admin}`, process: keyway }
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
type Data = any

async function read(url: string): Promise<Data> {
  return (await fetch(url)).json()
}

async function post(url: string, body = ''): Promise<{ status: number; data: Data }> {
  const response = await fetch(url, { method: 'POST', body })
  return { status: response.status, data: await response.json() }
}

async function ask({ proxy }: Running, path: string, credential: string): Promise<void> {
  await (await fetch(proxy + path, { headers: { authorization: `Bearer ${credential}` } })).text()
}

describe.each([{ workers: 1 }, { workers: 2 }])('with $workers processes', ({ workers }) => {
  const args = ['--workers', String(workers)]

  test('routes tell how often each rule and branch was taken, those never matched too', async () => {
    const running = await serve(config(), args)
    for (let turn = 0; turn < 3; turn++) await ask(running, '/echo/a', CLIENTS)
    await ask(running, '/echo/a', 'sk-proj-FAKE-one')
    expect(await read(`${running.admin}/routes`)).toEqual([
      { route: 'echo', requests: 4, rules: [{ rule: 'key', then: 3, else: 1 }] },
      { route: 'dead', requests: 0, rules: [{ rule: 'own', then: 0, else: 0 }] },
      { route: 'lost', requests: 0, rules: [{ rule: 'gone', then: 0, else: 0 }] },
    ])
    const { processes, requests, traffic } = await read(`${running.admin}/status`)
    expect({ processes, requests }).toEqual({ processes: workers, requests: 4 })
    expect(traffic.kinds).toEqual({ 'anthropic-api-key': 3, openai: 1 })
  })

  test('a secret that can not be read is told with its reason, and no value of one', async () => {
    const running = await serve(config(), args)
    expect(await read(`${running.admin}/secrets`)).toEqual([
      {
        name: 'own',
        isPool: false,
        keys: [expect.objectContaining({ source: 'env OWN', reason: null })],
      },
      {
        name: 'gone',
        isPool: false,
        keys: [
          expect.objectContaining({ source: `file ${folder}/gone`, reason: 'its file is missing' }),
        ],
      },
    ])
  })

  test('a secret that goes is told once by all processes, unasked, and since when', async () => {
    const running = await serve(config(), args)
    const isNews = (line: { readonly msg: string; readonly secret?: unknown }): boolean =>
      line.msg.startsWith('secret can') && line.secret === 'gone'
    await running.process.until('secret cannot be used')
    await writeFile(join(folder, 'gone'), 'FAKE-now-there')
    await running.process.until('secret can be used again')
    const since = async (): Promise<string> =>
      (await read(`${running.admin}/secrets`))[1].keys[0].since
    const readable = await since()
    await rm(join(folder, 'gone'))
    await running.process.until('secret cannot be used')
    // Each process has seen it by now, and more than once.
    for (let turn = 0; turn < 6; turn += 1) {
      await ask(running, '/lost/a', CLIENTS)
      await read(`${running.admin}/secrets`)
    }
    const told = running.process.lines.filter(isNews).map(({ msg }) => msg)
    expect(told).toEqual([
      'secret cannot be used',
      'secret can be used again',
      'secret cannot be used',
    ])
    expect((await since()) > readable).toBe(true)
    const secrets = JSON.stringify(await read(`${running.admin}/secrets`))
    expect(secrets).toContain('its file is missing')
    const metrics = await (await fetch(`${running.admin}/metrics`)).text()
    expect(metrics).toContain('keyway_secret_keys_unreadable{secret="gone"} 1')
  })

  test('requests under way are told apart by route and by how they are answered', async () => {
    const running = await serve(config(), args)
    await ask(running, '/echo/a', CLIENTS)
    await ask(running, '/dead/a', CLIENTS)
    const open = async (): Promise<unknown> => (await read(`${running.admin}/status`)).open
    await expect.poll(open).toEqual(
      expect.arrayContaining([
        { route: 'echo', plain: 0, sse: 0, websocket: 0 },
        { route: 'dead', plain: 0, sse: 0, websocket: 0 },
      ]),
    )
  })

  test('what runs and what was refused stand beside each other', async () => {
    const running = await serve(config(), args)
    const before = await read(`${running.admin}/config`)
    expect(before).toMatchObject({ live: { generation: 1 }, disk: null, reloads: [] })
    await writeFile(file, config('  - { name: broken, match: { path: /x }, upstream: ecko }\n'))
    const refused = await post(`${running.admin}/reload`)
    expect(refused.status).toBe(409)
    expect(refused.data.diagnostics[0]).toMatchObject({
      code: 'undefined-upstream',
      hint: 'did you mean "echo"?',
    })
    const after = await read(`${running.admin}/config`)
    expect(after.live).toMatchObject({ generation: 1, hash: before.live.hash })
    expect(after.disk).toMatchObject({
      outcome: 'refused',
      diagnostics: [{ code: 'undefined-upstream' }],
    })
    await writeFile(file, config('  - { name: more, match: { path: /more }, upstream: echo }\n'))
    expect((await post(`${running.admin}/reload`)).data).toMatchObject({
      outcome: 'applied',
    })
    const last = await read(`${running.admin}/config`)
    expect(last.live.generation).toBeGreaterThan(1)
    expect(last.disk).toBeNull()
    const outcomes = last.reloads.map(({ outcome }: Data) => outcome)
    expect([outcomes[0], outcomes.at(-1)]).toEqual(['applied', 'refused'])
  })

  test('events tell of reloads and of requests as they happen', async () => {
    const running = await serve(config(), args)
    const response = await fetch(`${running.admin}/events`)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let told = ''
    const until = async (text: string): Promise<void> => {
      while (!told.includes(text)) told += (await reader?.read())?.value ?? ''
    }
    await ask(running, '/dead/a', CLIENTS)
    await until('"code":"upstream_unreachable"')
    await post(`${running.admin}/reload`)
    await until('"outcome":"applied"')
    await reader?.cancel()
    expect(told).not.toContain('FAKE')
  })
})

test('a target is told with its share, and with what its latest check said', async () => {
  const checked = 'checked: { url: "http://127.0.0.1:1", health: { path: /up, interval: 1s } }'
  const { admin } = await serve(config().replace('upstreams: {', `upstreams: { ${checked},`))
  const target = async (name: string): Promise<Data> =>
    (await read(`${admin}/upstreams`)).find((one: Data) => one.name === name).targets[0]
  await expect.poll(async () => (await target('checked')).state).toBe('down')
  const { share, lastCheck } = await target('checked')
  expect({ share, outcome: lastCheck.outcome }).toEqual({ share: 0, outcome: 'bad' })
  expect(Date.parse(lastCheck.at)).toBeGreaterThan(0)
  expect(await target('dead')).toMatchObject({ state: 'up', share: 1, lastCheck: null })
})

test('a request is explained by what runs, and no credential of it is shown', async () => {
  const running = await serve(config())
  const asked = {
    method: 'POST',
    path: `/dead/v1?x=${CLIENTS}`,
    headers: { authorization: `Bearer ${CLIENTS}`, 'x-other': CLIENTS },
  }
  const { data } = await post(`${running.admin}/explain`, JSON.stringify(asked))
  expect(data).toMatchObject({ route: 'dead', credential: { kind: 'anthropic-api-key' } })
  expect(JSON.stringify(data)).not.toContain('FAKE')
  expect(await post(`${running.admin}/explain`, '{')).toMatchObject({ status: 400 })
})

test('each route and rule is told with its line in the running file', async () => {
  const { admin } = await serve(config())
  expect((await read(`${admin}/config`)).live.routes).toEqual([
    { route: 'echo', line: 6, rules: [{ rule: 'key', line: 10 }] },
    { route: 'dead', line: 11, rules: [{ rule: 'own', line: 14 }] },
    { route: 'lost', line: 15, rules: [{ rule: 'gone', line: 18 }] },
  ])
})

test('the page and what it loads come from here alone, and no script stands in it', async () => {
  const { admin } = await serve(config())
  const page = await fetch(`${admin}/`)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
  const names = [...(await page.text()).matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)]
  expect(names.map(([, name]) => name)).toEqual(['page.css', 'page.js'])
  const types = await Promise.all(
    names.map(async ([, name]) => (await fetch(`${admin}/${name}`)).headers.get('content-type')),
  )
  expect(types).toEqual(['text/css; charset=utf-8', 'text/javascript; charset=utf-8'])
})

test('no answer holds a credential', async () => {
  const running = await serve(config())
  await ask(running, `/echo/${CLIENTS}`, CLIENTS)
  await ask(running, '/dead/a', CLIENTS)
  const pages = ['/config', '/status', '/routes', '/upstreams', '/secrets', '/metrics']
  const texts = await Promise.all(
    pages.map(async (page) => (await fetch(running.admin + page)).text()),
  )
  for (const text of texts) {
    expect(text).not.toContain(SECRET)
    expect(text).not.toContain(CLIENTS)
  }
})

test('a page from elsewhere is refused, and a token asked for where the file says so', async () => {
  await writeFile(join(folder, 'token'), 'FAKE-admin-token\n')
  const text = config().replace(
    'admin: 127.0.0.1:0',
    'admin: { listen: 127.0.0.1:0, token: { file: token } }',
  )
  const { admin } = await serve(text)
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
    (await fetch(admin + path, { headers })).status
  expect(await ask('/readyz')).toBe(200)
  expect(await ask('/config')).toBe(401)
  expect(await ask('/config', { authorization: 'Bearer FAKE-admin-token' })).toBe(200)
  const foreign = { authorization: 'Bearer FAKE-admin-token', origin: 'https://attacker.example' }
  expect(await ask('/config', foreign)).toBe(403)
})
