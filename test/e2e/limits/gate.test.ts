import { expect, test, vi } from 'vitest'
import { createProxyServer } from '../../../src/proxy/listener/proxy-server.ts'
import { createSnapshotStore } from '../../../src/reload/snapshot-store.ts'
import type { Admission, Admit } from '../../../src/routing/admission.ts'
import { compileText } from '../../support/compile-text.ts'
import { connectRaw, exchangeRaw, parseResponse } from '../../support/raw-client.ts'
import { closeAfter } from '../../support/start-pair.ts'

const TEXT = `
version: 1
upstreams: { echo: builtin:echo }
routes: [{ name: all, match: { path: /* }, upstream: echo }]
limits: [{ name: few, by: address, requests: 60/m }]
`
const POST = 'POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n'

/** A proxy whose limits are counted by somebody else. */
async function startCounted(admit: Admit) {
  const snapshot = compileText(TEXT)
  const { limits } = snapshot.config.server
  const nothing = (): void => undefined
  const levels = { fatal: nothing, error: nothing, warn: nothing, info: nothing, debug: nothing }
  const proxy = createProxyServer({
    listen: { address: { host: '127.0.0.1', port: 0 }, tls: null },
    limits,
    store: createSnapshotStore(snapshot),
    log: { ...levels, trace: nothing, request: nothing },
    admit,
  })
  const address = (await proxy.listen()) as { host: string; port: number }
  closeAfter(() => proxy.drain(0))
  return address
}

/** A proxy whose limits are counted by somebody who takes their time. */
async function start() {
  const asked: ((admission: Admission) => void)[] = []
  let hear = (): void => undefined
  const isAsked = new Promise<void>((resolve) => {
    hear = resolve
  })
  const address = await startCounted(
    () =>
      new Promise((resolve) => {
        asked.push(resolve)
        hear()
      }),
  )
  return { address, asked, isAsked }
}

test('a body that is malformed is answered, though nobody has said yet whether its request may go on', async () => {
  const { address, asked, isAsked } = await start()
  const answer = parseResponse(await exchangeRaw(address, `${POST}zz\r\n`))
  expect(answer.status).toBe(400)
  expect(answer.fields).toContain('x-keyway-error: bad_body')
  expect(answer.fields).toContain('Connection: close')
  await isAsked
  const release = vi.fn<() => void>()
  asked[0]?.({ isAdmitted: true, release })
  await new Promise(setImmediate)
  expect(release).toHaveBeenCalledTimes(1)
})

test('a body that came whole meanwhile is served', async () => {
  const { address, asked, isAsked } = await start()
  const client = await connectRaw(address)
  client.write(`${POST}5\r\nhello\r\n`)
  await isAsked
  client.write('0\r\n\r\n')
  asked[0]?.({ isAdmitted: true, release: () => undefined })
  expect(await client.until('"text": "hello"')).toMatch(/^HTTP\/1\.1 200 /)
  client.socket.destroy()
})

test('one of two requests behind one another has its place back before the other asks for one', async () => {
  let held = 0
  let most = 0
  const address = await startCounted(async () => {
    held += 1
    most = Math.max(most, held)
    return {
      isAdmitted: true,
      release() {
        held -= 1
      },
    }
  })
  const get = 'GET /x HTTP/1.1\r\nHost: a\r\n'
  const answers = await exchangeRaw(address, `${get}\r\n${get}Connection: close\r\n\r\n`)
  expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(2)
  expect({ held, most }).toEqual({ held: 0, most: 1 })
})
