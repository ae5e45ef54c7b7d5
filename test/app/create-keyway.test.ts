import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createKeyway } from '../../src/app/create-keyway.ts'
import { createLiveProxy } from '../../src/app/create-proxy.ts'
import { openConfig } from '../../src/app/open-config.ts'
import { createLogger } from '../../src/observability/logger.ts'
import { connectRaw, exchangeRaw, requestBytes } from '../support/raw-client.ts'
import { startUpstream } from '../support/recording-upstream.ts'
import { closeAfter } from '../support/start-pair.ts'

const log = createLogger({ destination: { write: () => undefined } })

/** A file with these limits of the server, before an upstream that a test answers for. */
async function given(limits: string) {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-app-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const upstream = await startUpstream()
  closeAfter(upstream.close)
  const config = join(folder, 'routes.yaml')
  writeFileSync(
    config,
    `version: 1
server: { listen: '127.0.0.1:0', admin: 'off', limits: { ${limits} } }
upstreams: { up: '${upstream.url}', echo: builtin:echo }
routes:
  - { name: up, match: { path: /up/* }, upstream: up }
  - { name: echo, match: { path: /echo }, upstream: echo }
`,
  )
  return { options: { config, env: {}, log, pollMs: null }, upstream }
}

test('what is open is ended at once where it is told to drain once more', async () => {
  const { options, upstream } = await given('drain: 10m')
  const keyway = await createKeyway(options)
  const { proxy } = await keyway.start()
  const client = await connectRaw(proxy)
  client.write(requestBytes('GET /up/x'))
  await (await upstream.connection(0)).head()
  const drained = keyway.drain()
  await keyway.drain()
  await drained
  expect(await client.closed()).toBe('')
})

test.each([
  { name: 'connections', limits: 'connections: 3', open: 2 },
  { name: 'connections of one address', limits: 'connectionsPerAddress: 3', open: 2 },
])('processes share the limit on $name', async ({ limits, open }) => {
  const { options } = await given(limits)
  const live = await openConfig(options)
  const settings = { live, log, processes: 2, tracing: null, notary: () => null }
  const proxy = createLiveProxy(settings)
  const address = await proxy.listen()
  closeAfter(() => proxy.drain(0))
  for (let count = 0; count < open; count++) {
    const client = await connectRaw(address)
    client.write(requestBytes('GET /echo', ['Connection: keep-alive']))
    await client.until('HTTP/1.1 200')
  }
  const over = await connectRaw(address)
  over.socket.on('error', () => undefined)
  expect(await over.closed()).toBe('')
})

test('processes share the limit on requests of one address', async () => {
  const { options, upstream } = await given('requestsPerAddress: 3')
  const live = await openConfig(options)
  const settings = { live, log, processes: 2, tracing: null, notary: () => null }
  const proxy = createLiveProxy(settings)
  const address = await proxy.listen()
  closeAfter(() => proxy.drain(0))
  for (let count = 0; count < 2; count++) {
    const client = await connectRaw(address)
    client.write(requestBytes('GET /up/x'))
    await (await upstream.connection(count)).head()
  }
  expect(await exchangeRaw(address, requestBytes('GET /up/x'))).toContain('address_busy')
})
