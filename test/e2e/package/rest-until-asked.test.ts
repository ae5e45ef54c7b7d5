import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { bundleProgram } from '../../support/keyway-process.ts'

test('a start optimizes nothing of the program; what its clients make hot is optimized', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyway-rest-'))
  const config = join(folder, 'routes.yaml')
  const socketPath = join(folder, 'proxy.sock')
  writeFileSync(
    config,
    `version: 1
server: { listen: "unix:${socketPath}", admin: off }
upstreams: { echo: builtin:echo }
routes: [{ name: all, match: { path: /* }, upstream: echo }]
`,
  )
  const args = ['--trace-opt', bundleProgram(), 'serve', '--config', config]
  const keyway = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => {
    keyway.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  })
  const optimized: string[] = []
  const lines = createInterface(keyway.stdout)
  await new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      const [, name] = /\[compiling method \S+ <JSFunction (\w*)/.exec(line) ?? []
      if (name !== undefined) optimized.push(name)
      if (line.includes('"listening"')) resolve()
    })
  })

  // What stands around each module of the bundle; Node's own may have been hot before it.
  expect(optimized.filter((name) => name.startsWith('__'))).toEqual([])
  const before = optimized.length
  while (optimized.length === before) await ask(socketPath)
})

async function ask(socketPath: string): Promise<void> {
  const sent = request({ socketPath, path: '/', agent: false })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
}
