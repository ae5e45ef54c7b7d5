import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type Compared, compareBeside } from '../../src/loading/compare-beside.ts'
import { loadBeside } from '../../src/loading/load-beside.ts'
import { compileText } from '../support/compile-text.ts'

vi.mock('../../src/loading/config-thread-file.ts', () => ({
  isLong: () => true,
  THREAD: new URL('./given-thread.mjs', import.meta.url),
}))

const { config, text } = compileText('version: 1\nroutes: []\n')

/** A comparison whose thread is there and says nothing; what carries that it is there closes with it. */
async function compare() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    vi.useRealTimers()
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const stop = new AbortController()
  let known: Compared | null = null
  const env = { PORT: String((server.address() as AddressInfo).port) }
  const limits = { env, limitMs: 30_000, signal: stop.signal }
  const done = compareBeside({ text, config }, { text, config }, limits).then((compared) => {
    known = compared
  })
  const [socket] = (await once(server, 'connection')) as [Socket]
  socket.on('error', () => undefined).resume()
  const isThreadGone = once(socket, 'close').then(() => true)
  return { known: () => known, done, stop, isThreadGone }
}

test('a comparison that takes too long is given up, and its thread ended', async () => {
  const { known, done, isThreadGone } = await compare()
  await vi.advanceTimersByTimeAsync(29_999)
  expect(known()).toBe(null)
  await vi.advanceTimersByTimeAsync(1)
  await done
  expect(known()).toEqual({ isKnown: false, reason: 'time' })
  expect(await isThreadGone).toBe(true)
})

test('so is one that nobody asks for any more', async () => {
  const { known, done, stop, isThreadGone } = await compare()
  stop.abort()
  await done
  expect(known()).toEqual({ isKnown: false, reason: 'stopped' })
  expect(await isThreadGone).toBe(true)
})

test('a thread that ends before it has loaded the file is a failure', async () => {
  await expect(loadBeside({ file: 'routes.yaml', text }, { THEN: 'end' })).rejects.toThrow(
    'the thread that loads the file has ended',
  )
})
