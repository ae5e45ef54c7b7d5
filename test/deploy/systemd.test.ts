import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startKeyway } from '../support/keyway-process.ts'

const unit = fileURLToPath(new URL('../../deploy/systemd/keyway.service', import.meta.url))

function isMissing(...programs: readonly string[]): boolean {
  const isThere = (name: string): boolean => spawnSync(name, ['--version']).error === undefined
  return process.env.CI === undefined && !programs.every(isThere)
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-systemd-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test.skipIf(isMissing('systemd-analyze'))(
  'systemd takes the unit, and finds little exposed',
  () => {
    // What it starts has to be there; the manual comes with the package.
    const copy = join(temporaryFolder(), 'keyway.service')
    writeFileSync(copy, readFileSync(unit, 'utf8').replace('/usr/bin/keyway', '/bin/true'))
    const analyze = (...words: string[]) =>
      spawnSync('systemd-analyze', [...words, copy], { encoding: 'utf8' })
    const verified = analyze('verify', '--man=no')
    expect({ status: verified.status, stderr: verified.stderr }).toEqual({ status: 0, stderr: '' })
    // Tenths: 0 is a service that may do nothing, 100 one that may do all.
    const { status, stdout } = analyze('security', '--offline=true', '--threshold=20', '--no-pager')
    expect({ status }, stdout).toEqual({ status: 0 })
  },
)

test('the unit waits longer than a drain, and lets what tells it speak', () => {
  const text = readFileSync(unit, 'utf8')
  expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])).toBeGreaterThan(35)
  expect(text).toMatch(/^Type=notify$/m)
  expect(text).toMatch(/^NotifyAccess=all$/m)
})

const CONFIG = `version: 1
server: { listen: 127.0.0.1:0, admin: off }
upstreams: { echo: builtin:echo }
routes:
  - { name: echo, match: { path: /* }, upstream: echo }
`

/** A real socket that datagrams come in at, as systemd's. */
interface Socket {
  readonly path: string
  /** Resolves once all of these have come, in this order, since the last ones. */
  readonly until: (...messages: readonly string[]) => Promise<void>
}

// In Perl, which every Debian has: it takes no descriptors, and so ends systemd-notify's wait for who
// handles what it sent.
const RECEIVE = `
  use Socket;
  $| = 1;
  socket(S, AF_UNIX, SOCK_DGRAM, 0) and bind(S, pack_sockaddr_un($ARGV[0])) or die $!;
  print "bound\\n";
  print "$_\\n" while defined recv(S, $_, 65536, 0);
`

async function openSocket(folder: string): Promise<Socket> {
  const path = join(folder, 'notify')
  const child: ChildProcess = spawn('perl', ['-e', RECEIVE, path])
  onTestFinished(() => void child.kill('SIGKILL'))
  let received = ''
  let onMore = (): void => {}
  child.stdout?.on('data', (chunk: Buffer) => {
    received += chunk.toString()
    onMore()
  })
  const until = (...messages: readonly string[]): Promise<void> =>
    new Promise((resolve) => {
      onMore = () => {
        let at = 0
        for (const message of messages) {
          const found = received.indexOf(message, at)
          if (found < 0) return
          at = found + message.length
        }
        received = received.slice(at)
        resolve()
      }
      onMore()
    })
  await until('bound')
  return { path, until }
}

test.skipIf(isMissing('perl', 'systemd-notify'))(
  'systemd is told when it serves, reloads, lives and stops',
  async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'routes.yaml')
    writeFileSync(file, CONFIG)
    const socket = await openSocket(folder)
    const env = { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: '100000' }
    const keyway = startKeyway(file, { env, args: ['--workers', '2'] })
    onTestFinished(() => keyway.signal('SIGKILL'))
    await keyway.until('listening')
    await socket.until('READY=1\nSTATUS=serving')
    await socket.until('WATCHDOG=1', 'WATCHDOG=1')
    keyway.signal('SIGHUP')
    await socket.until('RELOADING=1\nMONOTONIC_USEC=', 'READY=1\nSTATUS=serving')
    keyway.signal('SIGTERM')
    await socket.until('STOPPING=1\nSTATUS=draining')
    expect(await keyway.exited).toBe(0)
    expect(keyway.lines.filter(({ level }) => level === 'warn')).toEqual([])
  },
)

test('a watchdog of another process is none of its own, and a deaf systemd no failure', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'routes.yaml')
  writeFileSync(file, CONFIG)
  const env = { NOTIFY_SOCKET: join(folder, 'nobody'), WATCHDOG_USEC: '1000', WATCHDOG_PID: '1' }
  const keyway = startKeyway(file, { env })
  onTestFinished(() => keyway.signal('SIGKILL'))
  await keyway.until('listening')
  await keyway.until('systemd could not be told: systemd-notify fails')
  keyway.signal('SIGTERM')
  expect(await keyway.exited).toBe(0)
})
