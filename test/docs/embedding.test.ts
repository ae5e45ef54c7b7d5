import { readFileSync } from 'node:fs'
import fastify, { type FastifyInstance } from 'fastify'
import { expect, test } from 'vitest'
import { type KeywayPluginOptions, keyway } from '../../src/fastify.ts'
import type { Keyway, KeywayOptions } from '../../src/index.ts'
import { createKeyway, createLogger } from '../../src/index.ts'

const page = readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8')

/** The names in the first column of a table. */
function rowsOf(heading: string): string[] {
  const table = page.split(`| ${heading} | |`)[1]?.split('\n\n')[0] ?? ''
  return [...table.matchAll(/^\| `(\w+)/gm)].map((match) => match[1] as string)
}

test('the page tells of every option, and of all that createKeyway gives', () => {
  const options: Record<keyof KeywayOptions, true> = {
    config: true,
    shadow: true,
    env: true,
    log: true,
    print: true,
    pollMs: true,
    workers: true,
  }
  const parts: Record<keyof Keyway, true> = {
    start: true,
    reload: true,
    drain: true,
    snapshot: true,
  }
  expect(rowsOf('option').toSorted()).toEqual(Object.keys(options).toSorted())
  expect(rowsOf('of what it gives').toSorted()).toEqual(Object.keys(parts).toSorted())
})

test('its example runs as it stands', async () => {
  const example = /```js\n(.*?)```/s.exec(page)?.[1] ?? ''
  const body = example
    .replace(/^import .*\n/m, '')
    .replace("config: 'config/routes.yaml'", "config: 'config/routes.yaml', pollMs: null")
  const seen: unknown[] = []
  const run = new Function(
    'createKeyway',
    'createLogger',
    'console',
    `return (async () => {${body}})()`,
  )
  const onAnyPort = async (options: KeywayOptions): Promise<Keyway> => {
    const keyway = await createKeyway({ ...options, log: createLogger({ level: 'silent' }) })
    return { ...keyway, snapshot: keyway.snapshot, start: async () => NOWHERE }
  }
  await run(onAnyPort, createLogger, { log: (...words: unknown[]) => seen.push(...words) })
  expect(seen).toEqual([NOWHERE.proxy, NOWHERE.admin, expect.any(Number)])
})

/** The example's own ports may be taken where tests run. */
const NOWHERE = { proxy: { host: '127.0.0.1', port: 0 }, admin: null }

test('the plugin takes the options that it names, and its example is a whole application', async () => {
  const section = page.split('## In a Fastify application')[1]?.split('\n## ')[0] ?? ''
  const options: Record<keyof KeywayPluginOptions, true> = {
    config: true,
    shadow: true,
    env: true,
    log: true,
    print: true,
    pollMs: true,
  }
  const sentence = /It takes the options (.*) of/.exec(section)?.[1] ?? ''
  const named = [...sentence.matchAll(/`(\w+)`/g)].map(([, name]) => name)
  expect(named).toEqual(Object.keys(options))
  const example = /```js\n(.*?)```/s.exec(section)?.[1] ?? ''
  const body = example
    .replaceAll(/^import .*\n/gm, '')
    .replace("routes.yaml'", "routes.yaml', pollMs: null")
    .replace('port: 3000', 'port: 0')
  const run = new Function('fastify', 'keyway', `return (async () => {${body}; return app})()`)
  const app: FastifyInstance = await run(fastify, keyway)
  const own = await app.inject('/own')
  const { statusCode } = await app.inject('/llm/nowhere')
  await app.close()
  expect([own.body, statusCode]).toEqual(['mine', 404])
})
