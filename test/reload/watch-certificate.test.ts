import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { LogFields, Logger } from '../../src/observability/logger.ts'
import { watchCertificate } from '../../src/reload/watch-certificate.ts'

/** What happens while it waits before its second try. */
let beforeSecondTry: () => Promise<void> = async () => undefined

vi.mock('node:timers/promises', async (original) => ({
  ...(await original<object>()),
  async setTimeout(ms: number) {
    if (ms === 1_000) await beforeSecondTry()
  },
}))

/** What looks when a file has changed. */
const watched = new Map<string, () => void>()

vi.mock('../../src/reload/watch-file.ts', () => ({
  watchFile(name: string, onChange: () => void) {
    watched.set(name, onChange)
    return () => watched.delete(name)
  },
}))

let folder = ''
let stop = (): void => undefined
let live: string[] = []
let messages: string[] = []
let wake = (): void => undefined

const file = (name: string): string => join(folder, `${name}.pem`)

async function save(name: string, version: string): Promise<void> {
  await writeFile(file(name), `${name} ${version}`)
  watched.get(file(name))?.()
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-certificate-'))
  ;[live, messages] = [[], []]
  beforeSecondTry = async () => undefined
  await save('cert', '1')
  await save('key', '1')
})

afterEach(async () => {
  stop()
  await rm(folder, { recursive: true })
})

/** Watches the pair of this test alone: what its last check still does is nothing to the next test. */
function watch(): void {
  const files = { cert: file('cert'), key: file('key') }
  const [ownLive, ownMessages] = [live, messages]
  const renew = (): void => {
    const [cert, key] = [files.cert, files.key].map(
      (name) => readFileSync(name, 'utf8').split(' ')[1],
    )
    if (cert !== key) throw new Error('they do not fit')
    ownLive.push(cert as string)
  }
  const note = (_fields: LogFields, message: string): void => {
    ownMessages.push(message)
    wake()
  }
  const log = { info: note, warn: note, error: note } as unknown as Logger
  stop = watchCertificate({ files, renew, log })
}

async function told(count: number): Promise<string[]> {
  while (messages.length < count)
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  return messages
}

test('a pair of which one file comes a while after the other is renewed once', async () => {
  beforeSecondTry = () => save('key', '2')
  watch()
  await save('cert', '2')
  expect((await told(1))[0]).toBe('certificate renewed')
  expect(live).toContain('2')
  stop()
  expect(watched.size).toBe(0)
})

test('where it comes later still, it is told, and renewed then', async () => {
  watch()
  await save('cert', '2')
  expect(await told(1)).toEqual(['certificate unusable, last good one stays'])
  expect(live).toEqual([])
  await save('key', '2')
  expect(await told(2)).toEqual([
    'certificate unusable, last good one stays',
    'certificate renewed',
  ])
  expect(live).toEqual(['2'])
})

test('a change of the key alone is seen', async () => {
  watch()
  expect([...watched.keys()]).toEqual([file('cert'), file('key')])
  await save('key', '1 again')
  expect(await told(1)).toEqual(['certificate renewed'])
  expect(live).toEqual(['1'])
})

test('what changed while it started is renewed, with no other change to tell of it', async () => {
  watch()
  // Before anything could look at the files a second time.
  for (const name of ['cert', 'key']) writeFileSync(file(name), `${name} 2`)
  expect(await told(1)).toEqual(['certificate renewed'])
  expect(live).toEqual(['2'])
})

test('one whose time is over is told of at the start', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2300-01-01') })
  onTestFinished(() => void vi.useRealTimers())
  const expired = readFileSync(join(import.meta.dirname, '../fixtures/tls/server.pem'), 'utf8')
  await writeFile(file('cert'), `${expired} 1`)
  watch()
  expect(messages).toEqual(['certificate has expired'])
})
