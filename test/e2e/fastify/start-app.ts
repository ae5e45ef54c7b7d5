import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { keyway } from '../../../src/fastify.ts'
import type { LogFields, Logger } from '../../../src/observability/logger.ts'
import { closeAfter } from '../../support/start-pair.ts'

/** An application with Keyway in it. */
export interface App {
  readonly app: FastifyInstance
  readonly address: { readonly host: string; readonly port: number }
  /** Writes the configuration anew. */
  readonly write: (text: string) => void
  /** Resolves when Keyway logs the message. */
  readonly logged: (message: string) => Promise<void>
}

/** Starts an application with the file below a prefix; `prepare` adds what is its own, ahead of Keyway. */
export async function startApp(
  text: string,
  prepare: (app: FastifyInstance) => void = () => {},
  prefix = '/llm',
): Promise<App> {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-fastify-'))
  closeAfter(async () => rmSync(folder, { recursive: true }))
  const config = join(folder, 'routes.yaml')
  const write = (content: string): void => writeFileSync(config, content)
  write(text)
  const app = fastify({ bodyLimit: 64 })
  closeAfter(() => app.close())
  const log = createWaitingLogger()
  prepare(app)
  // biome-ignore lint/nursery/noMisusedPromises: Fastify takes it, by another of its overloads
  await app.register(keyway, { prefix, config, log, pollMs: 5 })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { address: host, port } = app.server.address() as AddressInfo
  return { app, address: { host, port }, write, logged: log.until }
}

function createWaitingLogger(): Logger & { until: (message: string) => Promise<void> } {
  const seen = new Set<string>()
  const waiting = new Map<string, () => void>()
  const at = (_fields: LogFields, message: string): void => {
    seen.add(message)
    waiting.get(message)?.()
  }
  const until = (message: string): Promise<void> =>
    new Promise((resolve) => {
      if (seen.has(message)) resolve()
      else waiting.set(message, resolve)
    })
  const request = (): void => {}
  return { fatal: at, error: at, warn: at, info: at, debug: at, trace: at, request, until }
}
