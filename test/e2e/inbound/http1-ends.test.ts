import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { connectRaw } from '../../support/raw-client.ts'
import { startUpstream, type Script } from '../../support/recording-upstream.ts'
import { closeAfter } from '../../support/start-pair.ts'
import { oneRoute, startProxy } from '../../support/start-proxy.ts'

/** A script that begins a body without a length, and breaks it off when told. */
const begun: Script = async (connection) => {
  await connection.head()
  connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n')
}

async function startUnix(script: Script) {
  const upstream = await startUpstream(script)
  closeAfter(upstream.close)
  const folder = mkdtempSync(join(tmpdir(), 'keyway-'))
  const address = { socketPath: join(folder, 'proxy.sock') }
  const proxy = await startProxy(oneRoute(upstream.url), address)
  closeAfter(async () => {
    await proxy.close()
    rmSync(folder, { recursive: true })
  })
  return { address, upstream }
}

test('a body that ends with the connection is broken off on a unix socket too', async () => {
  const { address, upstream } = await startUnix(begun)
  const client = await connectRaw(address)
  client.write('GET /up/x HTTP/1.0\r\n\r\n')
  await client.until('abc')
  upstream.connections[0]?.socket.resetAndDestroy()
  expect(await client.closed()).toMatch(/abc$/)
})
