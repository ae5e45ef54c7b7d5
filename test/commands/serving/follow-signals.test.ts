import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Keyway } from '../../../src/app/create-keyway.ts'
import { followSignals } from '../../../src/commands/serving/follow-signals.ts'
import { createLogger, type Logger } from '../../../src/observability/logger.ts'

type Listener = (...words: unknown[]) => void

let listeners: Map<string, Listener>
let lines: Readonly<Record<string, unknown>>[]

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  listeners = new Map()
  lines = []
  vi.spyOn(process, 'on').mockImplementation(((event: string, listener: Listener) => {
    listeners.set(event, listener)
    return process
  }) as unknown as typeof process.on)
})

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

afterEach(async () => {
  // The inspector is looked for then.
  await nextTurn()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const log = (): Logger =>
  createLogger({
    level: 'info',
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  })

function keywayOf(parts: Partial<Record<'drain' | 'reload', () => Promise<unknown>>>): Keyway {
  const snapshot = { config: { server: { limits: { drainMs: 1_000 } } } }
  return { snapshot, drain: vi.fn(), reload: vi.fn(), ...parts } as unknown as Keyway
}

/** As the process hears it. */
const hear = (event: string, ...words: unknown[]): void => listeners.get(event)?.(...words)

const told = (): unknown[] => lines.map(({ level, signal, msg }) => [level, signal, msg])

test.each(['SIGTERM', 'SIGINT', 'SIGQUIT'])(
  '%s drains, and the process ends well',
  async (signal) => {
    const drain = vi.fn(async () => undefined)
    const ended = followSignals(keywayOf({ drain }), log())
    hear(signal, signal)
    expect(await ended).toBe(0)
    expect(drain).toHaveBeenCalledTimes(1)
    expect(told()).toEqual([
      ['info', signal, 'draining'],
      ['info', undefined, 'drained'],
    ])
    expect(vi.getTimerCount()).toBe(0)
  },
)

test('a second signal cuts what is open', async () => {
  const waiting: (() => void)[] = []
  const drain = vi.fn(() => new Promise<void>((resolve) => void waiting.push(resolve)))
  const ended = followSignals(keywayOf({ drain }), log())
  hear('SIGTERM', 'SIGTERM')
  expect(drain).toHaveBeenCalledTimes(1)
  hear('SIGINT', 'SIGINT')
  expect(drain).toHaveBeenCalledTimes(2)
  for (const resolve of waiting) resolve()
  expect(await ended).toBe(0)
  expect(told()).toEqual([
    ['info', 'SIGTERM', 'draining'],
    ['warn', 'SIGINT', 'cutting open requests'],
    ['info', undefined, 'drained'],
  ])
})

test('a drain that does not end is given up five seconds after its time', async () => {
  const ended = followSignals(keywayOf({ drain: () => new Promise(() => undefined) }), log())
  hear('SIGTERM', 'SIGTERM')
  vi.advanceTimersByTime(5_999)
  expect(told()).toEqual([['info', 'SIGTERM', 'draining']])
  vi.advanceTimersByTime(1)
  expect(await ended).toBe(1)
  expect(told().slice(1)).toEqual([['error', undefined, 'the drain did not end in time']])
})

test.each([{ signals: ['SIGTERM'] }, { signals: ['SIGTERM', 'SIGTERM'] }])(
  'a drain that fails is no clean end: $signals',
  async ({ signals }) => {
    const failure = new Error('x')
    const answers = signals.map((_, index) =>
      index === signals.length - 1 ? Promise.reject(failure) : new Promise(() => undefined),
    )
    const drain = (): Promise<unknown> => answers.shift() as Promise<unknown>
    const ended = followSignals(keywayOf({ drain }), log())
    for (const signal of signals) hear(signal, signal)
    await expect(ended).rejects.toBe(failure)
  },
)

test('SIGHUP reloads, SIGUSR2 is told and does nothing', () => {
  const reload = vi.fn(async () => undefined)
  const drain = vi.fn(async () => undefined)
  void followSignals(keywayOf({ reload, drain }), log())
  hear('SIGHUP', 'SIGHUP')
  hear('SIGUSR2', 'SIGUSR2')
  expect(reload).toHaveBeenCalledTimes(1)
  expect(drain).not.toHaveBeenCalled()
  expect(told()).toEqual([['info', 'SIGUSR2', 'this signal has no meaning']])
})

test('what nobody caught is told without its message, and ends nothing', () => {
  void followSignals(keywayOf({}), log())
  hear('uncaughtException', Object.assign(new TypeError('sk-FAKE'), { code: 'E_TEST' }))
  expect(lines).toMatchObject([
    { level: 'fatal', msg: 'uncaught exception', error: { type: 'TypeError', code: 'E_TEST' } },
  ])
  expect(JSON.stringify(lines)).not.toContain('FAKE')
})

test.each([
  { name: 'closed', url: 'ws://127.0.0.1:9229/x', asked: '', closes: 1 },
  {
    name: 'let be where the command line asks for it',
    url: 'ws://x',
    asked: '--inspect=0',
    closes: 0,
  },
  { name: 'not closed where it is not open', url: undefined, asked: '', closes: 0 },
])('an inspector is $name', async ({ url, asked, closes }) => {
  const close = vi.fn()
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ close, url: () => url } as never)
  vi.stubEnv('NODE_OPTIONS', asked)
  void followSignals(keywayOf({}), log())
  expect(close).not.toHaveBeenCalled()
  await nextTurn()
  vi.unstubAllEnvs()
  expect(close).toHaveBeenCalledTimes(closes)
})
