import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CommandOutcome, run } from './run.ts'

let folder = ''
let server: Server | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-record-'))
  save('routes.yaml', FILE)
})

afterEach(() => {
  server?.close()
  server = null
  rmSync(folder, { recursive: true })
})

const save = (name: string, text: string): void => writeFileSync(join(folder, name), text)

const FILE = `version: 1
server: { admin: 127.0.0.1:1 }
upstreams: { up: https://api.example.com, other: { url: https://other.example.com, accepts: [openai] } }
routes:
  - name: a
    match: { path: /a/* }
    upstream: up
    fallback: [{ upstream: other, on: [connect] }]
    rules:
      - { name: key, if: { credential: { kind: openai } }, use: x-api-key, else: { reject: 403 } }
`

const DECISION = {
  type: 'request',
  method: 'POST',
  route: 'a',
  rule: 'key',
  branch: 'then',
  upstream: 'up',
  first: null,
  status: 200,
  origin: 'upstream',
  code: null,
  credentialKind: 'openai',
  credentialSource: 'authorization',
  credentialScheme: 'bearer',
  client: null,
  durationMs: 1,
}

const REJECTION = {
  ...DECISION,
  branch: 'else',
  upstream: null,
  status: 403,
  origin: 'keyway',
  code: 'rejected',
  credentialKind: null,
  credentialSource: null,
  credentialScheme: null,
}

const TEST = `  - name: "route a, rule key: to up with kind openai"
    request: { method: POST, path: /a, headers: { authorization: Bearer sk-proj-TEST } }
    expect: { route: a, rule: key, upstream: up, path: /a, headers: { authorization: null, x-api-key: sk-proj-TEST } }
`

/** Starts what is asked in place of an admin interface; resolves to its address. */
async function listen(one: Server): Promise<string> {
  server = one.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const answer = (listener: RequestListener): Promise<string> => listen(createServer(listener))

/** An admin interface that tells these events and then ends. */
const tell = (...events: readonly unknown[]): Promise<string> =>
  answer(({ url }, response) => {
    if (url === '/config') response.end('{"live":{}}')
    else write(response, events)
  })

function write(response: ServerResponse, events: readonly unknown[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(': keyway\n\n')
  for (const event of events) response.write(`event: x\ndata: ${JSON.stringify(event)}\n\n`)
  response.end()
}

const record = (...args: readonly string[]): Promise<CommandOutcome> =>
  run(['record', ...args, 'routes.yaml'], { cwd: folder })

const bodyOf = (yaml: string): string => yaml.replaceAll(/^#.*\n/gm, '')

describe('what is recorded', () => {
  test('a decision becomes a test once; none is written of what a test has', async () => {
    const admin = await tell(DECISION, DECISION, REJECTION)
    const { code, stdout } = await record('--admin', admin, '--limit', '2')
    expect({ code, body: bodyOf(stdout) }).toEqual({
      code: 0,
      body: `version: 1
tests:
${TEST}  - name: "route a, rule key: 403 rejected"
    request: { method: POST, path: /a }
    expect: { route: a, rule: key, status: 403 }
`,
    })
    save('routes.recorded.test.yaml', stdout)
    const again = await record('--admin', admin)
    expect(bodyOf(again.stdout)).toBe('version: 1\ntests: []\n')
    expect(again.stderr).toMatch(/^0 tests recorded$/m)
  })

  test('of a request that a fallback took over, what was decided first', async () => {
    const first = { rule: 'key', branch: 'then', upstream: 'up' }
    const admin = await tell({ ...DECISION, rule: null, branch: null, upstream: 'other', first })
    const { stdout } = await record('--admin', admin, '--limit', '1')
    expect(bodyOf(stdout)).toBe(`version: 1\ntests:\n${TEST}`)
  })

  const NOTHING: readonly { readonly name: string; readonly event: unknown }[] = [
    { name: 'no object', event: 'x' },
    { name: 'null', event: null },
    { name: 'another type', event: { type: 'target', upstream: 'up' } },
    { name: 'a reload that was refused', event: { type: 'reload', outcome: 'rejected' } },
    { name: 'a client that left', event: { ...REJECTION, status: 499, code: 'client_left' } },
    { name: 'no end', event: { ...DECISION, upstream: null } },
    { name: 'a status that is none', event: { ...REJECTION, status: '403' } },
  ]
  test.each(NOTHING)('$name is no decision', async ({ event }) => {
    const { stdout, stderr } = await record('--admin', await tell(event))
    expect(bodyOf(stdout)).toBe('version: 1\ntests: []\n')
    expect(stderr).not.toContain('no test')
  })

  test('a word that is no method in use is not repeated', async () => {
    const admin = await tell({ ...DECISION, method: 'FAKE-SECRET' })
    const { stdout } = await record('--admin', admin, '--limit', '1')
    expect(bodyOf(stdout)).toBe(`version: 1\ntests:\n${TEST.replace('method: POST, ', '')}`)
  })

  test('names that the file does not have are not repeated', async () => {
    const odd = 'FAKE-odd\u001b[31m'
    const events = ['route', 'rule', 'upstream', 'client', 'credentialKind'].map((key) => ({
      ...DECISION,
      [key]: odd,
    }))
    const { stdout, stderr } = await record('--admin', await tell(...events))
    expect(stdout + stderr).not.toContain('FAKE')
    expect(stderr.split('\n').filter((line) => line.startsWith('no test'))).toEqual([
      'no test: a decision by a route, rule or upstream that the file does not have',
      'no test: route a, to up: no request that is decided so could be written down',
    ])
  })

  test('a key that stands in the environment is not written down', async () => {
    const rule = "use: { header: x-api-key, value: '${env.KEY}' }"
    save('routes.yaml', FILE.replace('use: x-api-key', rule))
    const KEY = 'sk-proj-FAKE-of-the-environment'
    const args = ['record', '--admin', await tell(DECISION), '--limit', '1', 'routes.yaml']
    const { stdout } = await run(args, { cwd: folder, env: { KEY } })
    expect(stdout).not.toContain(KEY)
    expect(stdout).toContain('x-api-key: { present: true }')
  })
})

describe('--output', () => {
  test('makes a file, and adds to it what it does not hold', async () => {
    const admin = await tell(DECISION)
    await record('--admin', admin, '-o', 'new.yaml')
    const made = readFileSync(join(folder, 'new.yaml'), 'utf8')
    expect(bodyOf(made)).toBe(`version: 1\ntests:\n${TEST}`)
    save('new.yaml', `${made}# the end\n`)
    await record('--admin', admin, '-o', 'new.yaml')
    expect(readFileSync(join(folder, 'new.yaml'), 'utf8')).toBe(`${made}# the end\n`)
  })

  test('makes a file where nothing was decided too', async () => {
    await record('--admin', await tell(), '-o', 'new.yaml')
    expect(bodyOf(readFileSync(join(folder, 'new.yaml'), 'utf8'))).toBe('version: 1\ntests: []\n')
  })

  test('an empty file of tests is one that is about to be written', async () => {
    save('routes.recorded.test.yaml', '')
    const { code, stdout } = await record('--admin', await tell(DECISION), '--limit', '1')
    expect({ code, body: bodyOf(stdout) }).toEqual({ code: 0, body: `version: 1\ntests:\n${TEST}` })
  })

  test('a file that is none of tests stays as it is', async () => {
    save('new.yaml', 'version: 1\nroutes: []\n')
    const { code, stderr } = await record('--admin', await tell(DECISION), '-o', 'new.yaml')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'keyway: new.yaml holds more than tests; --output takes a file of its own\n',
    })
    expect(readFileSync(join(folder, 'new.yaml'), 'utf8')).toBe('version: 1\nroutes: []\n')
  })

  test('a folder is made, and a link stays one', async () => {
    const admin = await tell(DECISION)
    mkdirSync(join(folder, 'elsewhere'))
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'link'))
    await record('--admin', admin, '-o', 'link/deep/new.yaml')
    symlinkSync(join(folder, 'elsewhere/deep/new.yaml'), join(folder, 'new.yaml'))
    chmodSync(join(folder, 'elsewhere/deep/new.yaml'), 0o640)
    const refused = await tell(REJECTION)
    await record('--admin', refused, '-o', 'new.yaml')
    const file = join(folder, 'elsewhere/deep/new.yaml')
    expect(lstatSync(join(folder, 'new.yaml')).isSymbolicLink()).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(readFileSync(file, 'utf8')).toContain('403 rejected')
  })

  test('where nothing can be written', async () => {
    save('file', '')
    const { code, stderr } = await record('--admin', await tell(DECISION), '-o', 'file/new.yaml')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "keyway: file/new.yaml can't be written (EEXIST)\n",
    })
  })
})

describe('an admin interface that does not help', () => {
  const status =
    (code: number, headers: Record<string, string> = {}): RequestListener =>
    (_, response) =>
      void response.writeHead(code, headers).end('x')
  const HTTP: readonly {
    readonly name: string
    readonly listener: RequestListener
    readonly says: string
  }[] = [
    {
      name: 'asks for a token',
      listener: status(401),
      says: 'asks for a token: that of "server.admin" in the file that it serves; --token-file names it',
    },
    {
      name: 'shows nothing to others',
      listener: status(403),
      says: 'asks for a token: that of "server.admin" in the file that it serves; --token-file names it',
    },
    {
      name: 'is the proxy',
      listener: status(404, { 'x-keyway-error': 'no_route' }),
      says: 'is where requests are served; the admin interface has an address of its own ("server.admin")',
    },
    {
      name: 'is another server',
      listener: status(404),
      says: "tells no events; is it Keyway's, and as new?",
    },
    {
      name: 'tells something else',
      listener: status(200),
      says: "tells no events; is it Keyway's, and as new?",
    },
    {
      name: 'fails',
      listener: status(500),
      says: 'answers with status 500; is it the admin interface?',
    },
    {
      name: 'closes the connection',
      listener: ({ socket }) => void socket.destroy(),
      says: 'closes the connection without an answer; is it the admin interface?',
    },
  ]
  test.each(HTTP)('$name', async ({ listener, says }) => {
    const admin = await answer(listener)
    const { code, stdout, stderr } = await record('--admin', admin)
    expect({ code, stdout, said: stderr.split('\n').at(-2) }).toEqual({
      code: 1,
      stdout: '',
      said: expect.stringMatching(new RegExp(`^keyway: ${admin}:? (it )?${quoted(says)}$`)),
    })
  })

  test('speaks no HTTP', async () => {
    const admin = await listen(createTcpServer((socket) => void socket.end('220 hello\r\n')))
    const { code, stderr } = await record('--admin', admin)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `keyway: ${admin}: what it answers is no HTTP; is it the admin interface?\n`,
    })
  })

  test('refuses the token that it is shown', async () => {
    save('token', 'FAKE-wrong\n')
    const admin = await answer(({ headers }, response) => {
      response.writeHead(headers.authorization === 'Bearer FAKE-wrong' ? 401 : 500).end()
    })
    const { code, stderr } = await record('--admin', admin, '--token-file', 'token')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `keyway: ${admin} refuses the token; --token-file names another\n`,
    })
  })

  test('goes away: what was recorded stays', async () => {
    const admin = await tell(DECISION)
    const { code, stdout, stderr } = await record('--admin', admin)
    expect({ code, stdout: bodyOf(stdout), stderr }).toEqual({
      code: 1,
      stdout: `version: 1\ntests:\n${TEST}`,
      stderr: `following ${admin}; end with Ctrl-C
1 test recorded
keyway: ${admin} has closed the connection: it was stopped, or started anew
`,
    })
  })

  test('runs another text', async () => {
    const admin = await answer(({ url }, response) => {
      if (url === '/config') response.end('{"live":{"hash":"0123456789ab"}}')
      else write(response, [])
    })
    expect((await record('--admin', admin)).stderr).toContain(
      'what runs there is another text than routes.yaml: decisions are recorded where this file decides alike\n',
    )
  })

  const FILES: readonly { readonly name: string; readonly admin: string; readonly says: string }[] =
    [
      {
        name: 'is not there',
        admin: '127.0.0.1:1',
        says: '127.0.0.1:1: nobody listens there; is "keyway serve" running, and with this "server.admin"?',
      },
      {
        name: 'has no socket',
        admin: 'unix:/nowhere/admin.sock',
        says: 'unix:/nowhere/admin.sock: there is no such socket; is "keyway serve" running, and with this "server.admin"?',
      },
      {
        name: 'is turned off',
        admin: 'off',
        says: 'routes.yaml turns its admin interface off ("server.admin"), which tells what is decided',
      },
      {
        name: 'has a port that is chosen at the start',
        admin: '127.0.0.1:0',
        says: 'the port of the admin interface is chosen at the start ("server.admin" of routes.yaml): name it by --admin; the line "listening" of the log has it',
      },
      {
        name: 'has a token that is missing',
        admin: '{ listen: 127.0.0.1:1, token: { file: gone } }',
        says: "the token of the admin interface (gone) can't be used: its file is missing; --token-file names another",
      },
    ]
  test.each(FILES)('$name', async ({ admin, says }) => {
    save('routes.yaml', FILE.replace('admin: 127.0.0.1:1', `admin: ${admin}`))
    const { code, stdout, stderr } = await record()
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `keyway: ${says}\n` })
  })
})

test('a unix socket, and the token of the file', async () => {
  const path = join(folder, 'admin.sock')
  save('token', 'FAKE-right')
  const admin = `{ listen: 'unix:${path}', token: { file: token } }`
  save('routes.yaml', FILE.replace('admin: 127.0.0.1:1', `admin: ${admin}`))
  server = createServer(({ headers, url }, response) => {
    if (headers.authorization !== 'Bearer FAKE-right') response.writeHead(401).end()
    else if (url === '/config') response.end('{}')
    else write(response, [DECISION])
  }).listen(path)
  await once(server, 'listening')
  const listening = (): number[] => ['SIGINT', 'SIGTERM'].map((name) => process.listenerCount(name))
  const before = listening()
  const { code, stdout } = await record('--limit', '1')
  expect({ code, body: bodyOf(stdout) }).toEqual({ code: 0, body: `version: 1\ntests:\n${TEST}` })
  // What ends this command ends nothing that runs after it.
  expect(listening()).toEqual(before)
})

const USAGE: readonly { readonly args: readonly string[]; readonly says: string }[] = [
  { args: ['--admin', '9901'], says: '--admin is HOST:PORT, [IPV6]:PORT or unix:PATH, not "9901"' },
  { args: ['--admin', 'a:0'], says: '--admin is HOST:PORT, [IPV6]:PORT or unix:PATH, not "a:0"' },
  { args: ['--duration', '10'], says: '--duration takes a time up to 500h, such as 10m, not "10"' },
  { args: ['--duration', '0s'], says: '--duration takes a time up to 500h, such as 10m, not "0s"' },
  { args: ['--limit', '0'], says: '--limit takes a number, not "0"' },
  { args: ['b.yaml'], says: 'record takes one file' },
  {
    args: ['-o', 'routes.yaml'],
    says: '--output takes a file of its own, such as NAME.recorded.test.yaml',
  },
]
test.each(USAGE)('wrong usage: $args', async ({ args, says }) => {
  expect(await record(...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `keyway: ${says}\nTry: keyway record --help\n`,
  })
})

test('a configuration with errors', async () => {
  save('routes.yaml', 'version: 2\n')
  const { code, stderr } = await record()
  expect(code).toBe(1)
  expect(stderr).toContain('routes.yaml:1:10 error')
  expect(existsSync(join(folder, 'new.yaml'))).toBe(false)
})

function quoted(text: string): string {
  return text.replaceAll(/[?.()]/g, '\\$&')
}
