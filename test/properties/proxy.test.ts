import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { createKeyway, type Keyway } from '../../src/app/create-keyway.ts'
import { ConfigurationError } from '../../src/app/errors.ts'
import { createLogger } from '../../src/observability/logger.ts'
import type { Decision } from '../../src/routing/decide/decision.ts'
import type { RequestView } from '../../src/routing/rules/request-view.ts'
import { config, headers, target, type Written } from './arbitrary-config.ts'

let folder: string
let received: { target: string; headers: string[] } | null = null
const upstream = createServer((request, response) => {
  received = { target: request.url ?? '', headers: request.rawHeaders }
  response.end()
})

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyway-agree-'))
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done))
})

afterAll(async () => {
  upstream.close()
  await rm(folder, { recursive: true })
})

/** Starts Keyway on a generated file, its upstreams on loopback; null where the file is refused for its meaning. */
async function start(written: Written): Promise<{ keyway: Keyway; port: number } | null> {
  const file = join(folder, 'routes.yaml')
  const { port } = upstream.address() as AddressInfo
  const text = stringify({ ...written, server: { listen: '127.0.0.1:0', admin: 'off' } })
  await writeFile(
    file,
    text.replaceAll(/https:\/\/[a-z]+\.example\.com/g, `http://127.0.0.1:${port}`),
  )
  try {
    const log = createLogger({ level: 'silent' })
    const keyway = await createKeyway({ config: file, env: { OWN: 'own-FAKE' }, log, pollMs: null })
    const { proxy } = await keyway.start()
    return { keyway, port: (proxy as { port: number }).port }
  } catch (error) {
    if (error instanceof ConfigurationError) return null
    throw error
  }
}

function exchange(
  port: number,
  { method, target: path, headers: fields }: RequestView,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = send(
      { port, method, path, headers: fields as string[], agent: false },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      },
    )
    request.on('error', reject).end()
  })
}

/** A decision as the wire shows it: fields in order, without those of one hop. */
function onWire(fields: readonly string[]): string[] {
  const own = new Set(['host', 'connection', 'content-length', 'transfer-encoding'])
  return fields
    .map((_, i) =>
      i % 2 === 0
        ? `${(fields[i] as string).toLowerCase()}: ${(fields[i + 1] as string).trim()}`
        : '',
    )
    .filter((line, i) => i % 2 === 0 && !own.has(line.split(':', 1)[0] as string))
}

function expectAgreement(decision: Decision, status: number): void {
  if (decision.action === 'reject') {
    expect({ status, received }).toEqual({ status: decision.status, received: null })
    return
  }
  expect(status).toBe(200)
  expect(received?.target).toBe(decision.target)
  expect(onWire(received?.headers ?? [])).toEqual(onWire(decision.headers))
}

test('what explain says is what leaves', { timeout: 60_000 }, async () => {
  const requests = fc.array(fc.tuple(target, headers), { minLength: 5, maxLength: 15 })
  await fc.assert(
    fc.asyncProperty(config, requests, async (written, list) => {
      const started = await start(written)
      fc.pre(started !== null)
      const { keyway, port } = started
      try {
        for (const [path, sent] of list) {
          received = null
          const fields = ['Host', 'localhost', 'X-Request-Id', 'id-1', ...sent]
          const request: RequestView = {
            method: 'GET',
            target: path,
            headers: fields,
            peerIp: '127.0.0.1',
            protocol: 'http',
            id: 'id-1',
          }
          const { decision } = keyway.snapshot.table.explain(request)
          expectAgreement(decision, await exchange(port, request))
        }
      } finally {
        await keyway.drain()
      }
    }),
    { numRuns: Number(process.env.PROPERTY_RUNS ?? 30) },
  )
})
