import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type KeywayProcess, startKeyway } from '../support/keyway-process.ts'

const good = `version: 1
server: { listen: 127.0.0.1:0, admin: 127.0.0.1:0 }
upstreams: { echo: builtin:echo }
routes:
  - { name: echo, match: { path: /* }, upstream: echo }
`

let folder = ''
let file = ''
let keyway: KeywayProcess | null = null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-signals-'))
  file = join(folder, 'routes.yaml')
  await writeFile(file, good)
})

afterEach(async () => {
  keyway?.signal('SIGKILL')
  await keyway?.exited
  keyway = null
  await rm(folder, { recursive: true })
})

async function serving(
  options: Parameters<typeof startKeyway>[1] = {},
): Promise<{ process: KeywayProcess; proxy: string }> {
  keyway = startKeyway(file, options)
  const { listen } = await keyway.until('listening')
  return { process: keyway, proxy: `http://${listen}` }
}

const answers = async (proxy: string): Promise<number> => (await fetch(proxy)).status

/** Signals that a process hears by a handler, as its status tells (`SigCgt`). */
async function isCaught(pid: number, signal: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const caught = BigInt(`0x${/SigCgt:\s+(\w+)/.exec(status)?.[1]}`)
  return (caught & (1n << BigInt(signal - 1))) !== 0n
}

test.each([
  { name: 'one process', args: [] },
  { name: 'workers', args: ['--workers', '2'] },
])('SIGUSR1 opens no inspector, in $name', async ({ args }) => {
  const { process: running, proxy } = await serving({ args })
  const workers = running.lines.filter(({ msg }) => msg === 'worker serves')
  const pids = [running.pid, ...workers.map(({ worker }) => worker as number)]
  expect(pids).toHaveLength(args.length === 0 ? 1 : 3)
  for (const pid of pids) {
    expect(await isCaught(pid, 10)).toBe(true)
    process.kill(pid, 'SIGUSR1')
  }
  for (const _ of pids) expect(await answers(proxy)).toBe(200)
  running.signal('SIGTERM')
  expect(await running.exited).toBe(0)
  expect(running.stderr()).toBe('')
})

test('an inspector that SIGUSR1 has opened before the first line ran is closed', async () => {
  const open = 'import("node:inspector").then(({ open }) => open(0))'
  const { process: running, proxy } = await serving({
    nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(`await ${open}`)}`],
  })
  await expect.poll(() => running.stderr()).toContain('Debugger listening on')
  const [, inspector = ''] = /ws:\/\/([^/]+)\//.exec(running.stderr()) ?? []
  expect(await answers(proxy)).toBe(200)
  await expect(fetch(`http://${inspector}/json`)).rejects.toThrow()
})

test('SIGQUIT drains as SIGTERM does', async () => {
  const { process: running } = await serving()
  running.signal('SIGQUIT')
  expect(await running.until('draining')).toMatchObject({ signal: 'SIGQUIT' })
  expect(await running.exited).toBe(0)
})

test.each([{ args: [] }, { args: ['--workers', '2'] }])(
  'SIGUSR2 is told in the log, and ends nothing: $args',
  async ({ args }) => {
    const { process: running, proxy } = await serving({ args })
    const workers = running.lines.filter(({ msg }) => msg === 'worker serves')
    for (const { worker } of workers) process.kill(worker as number, 'SIGUSR2')
    running.signal('SIGUSR2')
    expect(await running.until('this signal has no meaning')).toMatchObject({ signal: 'SIGUSR2' })
    expect(await answers(proxy)).toBe(200)
    expect(running.lines.filter(({ msg }) => msg.startsWith('worker ended'))).toEqual([])
  },
)

test('a configuration that was a pipe for a while is reloaded after that, and SIGTERM ends the process', async () => {
  const { process: running } = await serving()
  await rm(file)
  execFileSync('mkfifo', [file])
  running.signal('SIGHUP')
  await running.until('configuration unreadable, last good one stays')
  await writeFile(`${file}~`, good.replace('path: /*', 'path: /only/*'))
  await rename(`${file}~`, file)
  expect(await running.until('configuration applied')).toMatchObject({ generation: 2 })
  running.signal('SIGTERM')
  expect(await running.exited).toBe(0)
})

test.each([
  { name: 'a pipe', make: (path: string) => execFileSync('mkfifo', [path]) },
  { name: 'a device without an end', make: (path: string) => symlink('/dev/zero', path) },
])('a configuration that is $name ends the start with a line', async ({ make }) => {
  await rm(file)
  await make(file)
  keyway = startKeyway(file)
  expect(await keyway.exited).toBe(1)
  expect(keyway.stderr()).toBe(
    `keyway: ${file}: it is no regular file, but a folder, a pipe, a socket or a device\n`,
  )
})

test('authorities in a pipe hold up nothing but the requests that need them', async () => {
  execFileSync('mkfifo', [join(folder, 'ca.pem')])
  const ca = JSON.stringify(join(folder, 'ca.pem'))
  await writeFile(
    file,
    good
      .replace(
        'builtin:echo',
        `builtin:echo, far: { url: "https://127.0.0.1:1", tls: { ca: ${ca} } }`,
      )
      .concat('  - { name: far, match: { path: /far }, upstream: far }\n'),
  )
  const { process: running, proxy } = await serving()
  const far = await fetch(`${proxy}/far`)
  expect([far.status, far.headers.get('x-keyway-error')]).toEqual([502, 'upstream_unusable'])
  expect(await answers(proxy)).toBe(200)
  running.signal('SIGTERM')
  expect(await running.exited).toBe(0)
})

test('SIGTERM ends a process whose disk never answers a read', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  // As src/files/read-file.ts reads: from Node 26 on readFile by itself is no request that shows.
  const read = `import("node:fs").then((fs) => fs.open(${JSON.stringify(pipe)}, () => {}))`
  const { process: running } = await serving({
    nodeArgs: ['--import', `data:text/javascript,${encodeURIComponent(`await ${read}`)}`],
  })
  running.signal('SIGTERM')
  await running.until('drained')
  // Killed: to exit it would wait for that read.
  expect(await running.exited).toBe(null)
})
