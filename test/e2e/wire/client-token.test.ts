import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createKeyway, createLogger, type Keyway, type NormalAddress } from '../../../src/index.ts'
import { exchangeRaw, parseResponse, requestBytes } from '../../support/raw-client.ts'
import {
  always,
  ok,
  type RecordingUpstream,
  startUpstream,
} from '../../support/recording-upstream.ts'

const TOKEN = 'kw_TESTtokenOfAlice'

let closers: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closers) await close()
  closers = []
})

/** Starts Keyway on a file that asks for a token, whose hash stands in a file as sha256sum writes it. */
async function start(
  header: string,
): Promise<{ address: NormalAddress; upstream: RecordingUpstream }> {
  const folder = await mkdtemp(join(tmpdir(), 'keyway-token-'))
  const upstream = await startUpstream(always(ok('yes')))
  const hash = createHash('sha256').update(TOKEN).digest('hex')
  await writeFile(join(folder, 'alice.sha256'), `${hash}  -\n`)
  const config = join(folder, 'routes.yaml')
  await writeFile(
    config,
    `version: 1
server: { listen: 127.0.0.1:0, admin: 'off' }
secrets: { own: { env: OWN } }
clients: { header: ${header}, tokens: { alice: { file: alice.sha256 } } }
upstreams: { up: ${upstream.url} }
routes:
  - name: up
    match: { path: /* }
    upstream: up
    rules: [{ use: { header: authorization, scheme: Bearer, value: '\${secret.own}' } }]
`,
  )
  const log = createLogger({ level: 'silent' })
  const keyway: Keyway = await createKeyway({ config, env: { OWN: 'own-FAKE' }, log, pollMs: null })
  const { proxy } = await keyway.start()
  closers = [() => keyway.drain(), upstream.close, () => rm(folder, { recursive: true })]
  return { address: proxy, upstream }
}

const LIST = '[authorization, x-api-key, x-goog-api-key, query key]'

test.each([
  ['as a bearer', 'authorization', '/', [`Authorization: Bearer ${TOKEN}`]],
  ['as an SDK’s key', LIST, '/', [`X-Api-Key: ${TOKEN}`]],
  ['as a parameter', LIST, `/?key=${TOKEN}`, []],
  ["as Basic's user", LIST, '/', [`Authorization: Basic ${btoa(`${TOKEN}:`)}`]],
])('the documented hash of a token opens: %s', async (_, header, target, fields) => {
  const { address, upstream } = await start(header)
  const answer = await exchangeRaw(address, requestBytes(`GET ${target}`, fields))
  expect(parseResponse(answer).status).toBe(200)
  const received = upstream.connections[0]?.received() ?? ''
  expect(received).toContain('authorization: Bearer own-FAKE\r\n')
  expect(received).not.toContain(TOKEN)
  expect(received).not.toContain(btoa(`${TOKEN}:`))
})

test('another one does not', async () => {
  const { address, upstream } = await start('authorization')
  const answer = await exchangeRaw(address, requestBytes('GET /', [`Authorization: ${TOKEN}x`]))
  expect(parseResponse(answer).status).toBe(401)
  expect(upstream.connections).toHaveLength(0)
})
