import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bundleProgram, startKeyway } from '../../support/keyway-process.ts'

const files: readonly { name: string; upstream: string; loaded: readonly string[] }[] = [
  { name: 'of an upstream without TLS', upstream: 'http://127.0.0.1:9', loaded: [] },
  { name: 'of an upstream with TLS', upstream: 'https://127.0.0.1:9', loaded: ['tls'] },
  {
    name: 'of an upstream that may speak HTTP/2',
    upstream: '{ url: https://127.0.0.1:9, http2: true }',
    loaded: ['http2', 'tls'],
  },
]

const ASKED_LATER = ['http2', 'https', 'tls']

test.each(files)(
  'a file $name has Node load, of TLS and HTTP/2, before the first request: $loaded',
  async (file) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyway-asked-later-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const config = join(folder, 'routes.yaml')
    writeFileSync(
      config,
      `version: 1
server: { listen: "unix:${join(folder, 'proxy.sock')}", admin: off }
upstreams: { api: ${file.upstream} }
routes: [{ name: all, match: { path: /* }, upstream: api }]
`,
    )
    const list = join(folder, 'loaded.json')
    const look = join(folder, 'look.cjs')
    writeFileSync(
      look,
      `process.once('exit', () =>
      require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(process.moduleLoadList)))`,
    )

    const keyway = startKeyway(config, { program: bundleProgram(), nodeArgs: ['--require', look] })
    await keyway.until('listening')
    keyway.signal('SIGTERM')
    await keyway.exited
    const loaded = JSON.parse(readFileSync(list, 'utf8')) as readonly string[]
    expect(ASKED_LATER.filter((name) => loaded.includes(`NativeModule ${name}`))).toEqual(
      file.loaded,
    )
  },
)
