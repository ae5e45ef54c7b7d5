import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { run } from '../commands/run.ts'

interface Hook {
  readonly id: string
  readonly entry: string
  readonly files: string
}

const file = new URL('../../.pre-commit-hooks.yaml', import.meta.url)
const hooks: readonly Hook[] = parse(readFileSync(file, 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'keyway-hooks-'))
afterAll(() => rmSync(folder, { recursive: true }))

const FINE = `version: 1
upstreams: { echo: builtin:echo }
routes:
  - { name: echo, match: { path: /echo/* }, upstream: echo }
tests:
  - { name: it goes, request: { path: /echo/x }, expect: { route: echo } }
`
writeFileSync(join(folder, 'fine.yaml'), FINE)
writeFileSync(join(folder, 'bad.yaml'), FINE.replace('upstream: echo', 'upstream: ecko'))
writeFileSync(join(folder, 'failing.yaml'), FINE.replace('expect: {', 'expect: { path: /y,'))

test.each([
  { id: 'keyway-check', codes: [0, 1, 0] },
  { id: 'keyway-test', codes: [0, 1, 1] },
])('$id takes the files that changed', async ({ id, codes }) => {
  const [program, ...words] = hooks.find((hook) => hook.id === id)?.entry.split(' ') ?? []
  expect(program).toBe('keyway')
  const outcomes = ['fine.yaml', 'bad.yaml', 'failing.yaml'].map(
    async (name) => (await run([...words, 'fine.yaml', name], { cwd: folder })).code,
  )
  expect(await Promise.all(outcomes)).toEqual(codes)
})

test.each([
  { path: 'routes.yaml', isMeant: true },
  { path: 'config/routes.yml', isMeant: true },
  { path: 'config/routes.test.yaml', isMeant: false },
  { path: 'docs/my-routes.yaml', isMeant: false },
])('$path', ({ path, isMeant }) => {
  for (const { files } of hooks) expect(new RegExp(files).test(path)).toBe(isMeant)
})
