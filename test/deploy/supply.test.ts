import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { bundleProgram } from '../support/keyway-process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'keyway-supply-'))
afterAll(() => rmSync(folder, { recursive: true }))

const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`

/** Renews a copy of the Dockerfile by an engine that says one thing; gives its ARG and what was asked. */
function renew(answer: string, args: readonly string[] = []): { arg: string; asked: string } {
  const docker = join(folder, 'docker')
  const asked = join(folder, 'asked')
  writeFileSync(docker, `#!/bin/sh\necho "$@" > ${asked}\necho ${answer}\n`)
  chmodSync(docker, 0o755)
  const file = join(folder, 'Dockerfile')
  execFileSync(process.execPath, ['scripts/renew-image.mjs', ...args], {
    cwd: root,
    env: { PATH: `${folder}:${process.env.PATH}`, KEYWAY_DOCKERFILE: file },
    stdio: 'pipe',
  })
  const arg = /^ARG NODE_IMAGE=(.*)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  return { arg, asked: readFileSync(asked, 'utf8').trim() }
}

test('the base image is pinned to what its tag names, and anew when that changes', () => {
  copyFileSync(`${root}deploy/Dockerfile`, join(folder, 'Dockerfile'))
  const first = renew(digestOf('a'))
  expect(first.arg).toBe(`node:24-bookworm-slim@${digestOf('a')}`)
  expect(first.asked).toMatch(/^buildx imagetools inspect node:24-bookworm-slim --format /)
  expect(renew(digestOf('b')).arg).toBe(`node:24-bookworm-slim@${digestOf('b')}`)
  expect(renew(digestOf('c'), ['node:26-slim']).arg).toBe(`node:26-slim@${digestOf('c')}`)
})

test('an answer that is no digest changes nothing', () => {
  copyFileSync(`${root}deploy/Dockerfile`, join(folder, 'Dockerfile'))
  expect(() => renew('not-found')).toThrow()
  expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(
    readFileSync(`${root}deploy/Dockerfile`, 'utf8'),
  )
})

test('the bill of materials names what the bundle is made of, each with its hash, and the same each time', () => {
  const write = (): string =>
    execFileSync(process.execPath, ['scripts/write-sbom.mjs'], { cwd: root, encoding: 'utf8' })
  const text = write()
  const bill = JSON.parse(text) as {
    bomFormat: string
    metadata: { component: { name: string } }
    components: { name: string; purl: string; hashes: { alg: string }[] }[]
  }
  expect([bill.bomFormat, bill.metadata.component.name]).toEqual(['CycloneDX', 'keyway-proxy'])
  const { dependencies, devDependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  const names = bill.components.map(({ name }) => name)
  for (const name of Object.keys(dependencies)) expect(names).toContain(name)
  for (const name of ['vitest', 'typescript', '@biomejs/biome'])
    expect([name in devDependencies, names.includes(name)]).toEqual([true, false])
  for (const { purl, hashes } of bill.components)
    expect([purl.startsWith('pkg:npm/'), hashes[0]?.alg]).toEqual([true, 'SHA-512'])
  expect(text).not.toContain(root)
  expect(write()).toBe(text)
})

/** V8 takes none that was kept under other flags than those it starts with. */
function refusesCompiledCode(program: string): string | undefined {
  const look = `process.argv = [process.execPath, 'keyway', 'version']
process.stdout.write(require('${program}').cachedDataRejected + ' ')`
  const { NODE_OPTIONS: _, ...env } = process.env
  const told = execFileSync(process.execPath, ['-e', look], { cwd: root, env, encoding: 'utf8' })
  return told.split(' ')[0]
}

test('two builds of the program are the same, but for its compiled code, which a start takes', () => {
  const again = `node_modules/.keyway-test-again-${process.pid}`
  onTestFinished(() => rmSync(`${root}${again}`, { recursive: true, force: true }))
  execFileSync(process.execPath, ['scripts/bundle.mjs', again], { cwd: root })
  const first = dirname(bundleProgram())
  const names = readdirSync(first).filter((name) => name !== 'keyway.cache')
  expect(names.toSorted()).toEqual([
    'cli.cjs',
    'commit',
    'config-thread.js',
    'keyway.cjs',
    'telemetry.cjs',
  ])
  for (const name of names) {
    const [one, other] = [join(first, name), join(root, again, name)].map((file) =>
      readFileSync(file),
    )
    expect({ name, isSame: one?.equals(other as Buffer) }).toEqual({ name, isSame: true })
  }
  expect(refusesCompiledCode(`./${again}/cli.cjs`)).toBe('false')
}, 60_000)
