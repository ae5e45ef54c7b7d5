import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
