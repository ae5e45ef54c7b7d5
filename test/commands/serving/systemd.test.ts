import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Keyway } from '../../../src/app/create-keyway.ts'
import { withSystemd } from '../../../src/commands/serving/systemd.ts'
import { createLogger, type Logger } from '../../../src/observability/logger.ts'

let folder = ''
let lines: unknown[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyway-systemd-'))
  lines = []
})

afterEach(async () => {
  vi.useRealTimers()
  // What was told last is written yet, by a program that nobody waits for.
  await vi.waitFor(() => rmSync(folder, { recursive: true, force: true }), { timeout: 15_000 })
})

/** A systemd-notify that writes down what it was told, and where. */
function install(then = 'exit 0'): Record<string, string> {
  const script = `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> ${folder}/told\n${then}\n`
  writeFileSync(join(folder, 'systemd-notify'), script, { mode: 0o755 })
  writeFileSync(join(folder, 'told'), '')
  return { PATH: `${folder}:/usr/bin:/bin`, NOTIFY_SOCKET: '/run/notify', OWN: 'FAKE' }
}

const told = (): string[] =>
  readFileSync(join(folder, 'told'), 'utf8')
    .replaceAll(/MONOTONIC_USEC=\d+/g, 'MONOTONIC_USEC=N')
    .split('\n')
    .filter((line) => line !== '')

const log = (): Logger =>
  createLogger({ destination: { write: (line) => void lines.push(JSON.parse(line).msg) } })

const ADDRESSES = { proxy: 'a', admin: null }

function keyway(): Keyway {
  return {
    snapshot: 'the snapshot',
    start: async () => ADDRESSES,
    reload: async () => 'applied',
    drain: async () => undefined,
  } as unknown as Keyway
}

test('where systemd did not start it, nothing is told', () => {
  const own = keyway()
  expect(withSystemd(own, { env: {}, log: log() })).toBe(own)
  expect(withSystemd(own, { env: { NOTIFY_SOCKET: '' }, log: log() })).toBe(own)
})

test('systemd hears of the start, of each reload and of the end, one after the other', async () => {
  const wrapped = withSystemd(keyway(), { env: install(), log: log() })
  expect(wrapped.snapshot).toBe('the snapshot')
  expect(await wrapped.start()).toBe(ADDRESSES)
  expect(await wrapped.reload()).toBe('applied')
  await wrapped.drain()
  await expect.poll(told, { timeout: 10_000 }).toHaveLength(4)
  expect(told()).toEqual([
    '/run/notify READY=1 STATUS=serving',
    '/run/notify RELOADING=1 MONOTONIC_USEC=N',
    '/run/notify READY=1 STATUS=serving',
    '/run/notify STOPPING=1 STATUS=draining',
  ])
  expect(lines).toEqual([])
})

test.each([
  { name: 'fails', env: () => install('exit 3') },
  { name: 'is not there', env: () => ({ PATH: '/nowhere', NOTIFY_SOCKET: '/run/notify' }) },
])('a systemd-notify that $name is told of once, and holds up nothing', async ({ env }) => {
  const wrapped = withSystemd(keyway(), { env: env(), log: log() })
  await wrapped.start()
  await wrapped.reload()
  await wrapped.drain()
  await expect.poll(() => lines, { timeout: 10_000 }).not.toEqual([])
  expect(lines).toEqual(['systemd could not be told: systemd-notify fails'])
})

test.each([
  { name: 'half of what it waits for', env: { WATCHDOG_USEC: '3000000' }, ms: 1_500 },
  {
    name: 'the same where it names this process',
    env: { WATCHDOG_USEC: '3000000', WATCHDOG_PID: String(process.pid) },
    ms: 1_500,
  },
  { name: 'no less than a millisecond', env: { WATCHDOG_USEC: '1' }, ms: 1 },
])('its watchdog hears each: $name', async ({ env, ms }) => {
  const every = vi.spyOn(globalThis, 'setInterval').mockReturnValue(undefined as never)
  const wrapped = withSystemd(keyway(), { env: { ...install(), ...env }, log: log() })
  await wrapped.start()
  expect(every.mock.calls).toEqual([[expect.any(Function), ms]])
  const [beat] = every.mock.calls[0] as unknown as [() => void]
  every.mockRestore()
  // The second comes before the first was told.
  beat()
  beat()
  await expect.poll(told, { timeout: 10_000 }).toHaveLength(2)
  expect(told()[1]).toBe('/run/notify WATCHDOG=1')
  const beatAgain = (): number => {
    beat()
    return told().length
  }
  await expect.poll(beatAgain, { timeout: 10_000 }).toBeGreaterThan(2)
})

test.each([
  { name: 'none is asked for', env: {} },
  { name: 'it is no time', env: { WATCHDOG_USEC: 'soon' } },
  { name: 'it is none', env: { WATCHDOG_USEC: '0' } },
  { name: 'another process is meant', env: { WATCHDOG_USEC: '3000000', WATCHDOG_PID: '1' } },
])('no watchdog where $name', async ({ env }) => {
  const every = vi.spyOn(globalThis, 'setInterval')
  await withSystemd(keyway(), { env: { ...install(), ...env }, log: log() }).start()
  expect(every).not.toHaveBeenCalled()
  every.mockRestore()
  await expect.poll(told, { timeout: 10_000 }).toHaveLength(1)
})

test('after the drain the watchdog is told no more', async () => {
  const env = { ...install(), WATCHDOG_USEC: '3000000' }
  const clear = vi.spyOn(globalThis, 'clearInterval')
  const wrapped = withSystemd(keyway(), { env, log: log() })
  const every = vi.spyOn(globalThis, 'setInterval')
  await wrapped.start()
  const timer = every.mock.results[0]?.value
  await wrapped.drain()
  expect(clear).toHaveBeenCalledWith(timer)
  clear.mockRestore()
  every.mockRestore()
  await expect.poll(told, { timeout: 10_000 }).toHaveLength(2)
})
