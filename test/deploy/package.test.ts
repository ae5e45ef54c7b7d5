import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const pack = ['pack', '--dry-run', '--json', '--ignore-scripts']
const [{ files }] = JSON.parse(
  execFileSync('npm', pack, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
) as [{ files: readonly { readonly path: string }[] }]
const paths = files.map(({ path }) => path)
const others = paths.filter((path) => !path.startsWith('dist/'))

test('the package holds the program, its schemas, the shipped files, the pages, and nothing else', () => {
  expect(others.filter((path) => !/^(config\/examples|docs)\//.test(path)).toSorted()).toEqual([
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'config/credentials.yaml',
    'config/routes.yaml',
    'man/keyway.1',
    'package.json',
    'schemas/credentials.schema.json',
    'schemas/routes.schema.json',
  ])
  for (const path of others.filter((other) => other.startsWith('config/examples/')))
    expect(path).toMatch(/^config\/examples\/[\w./-]+\.(yaml|md)$/)
})

test('what the README links to is in it', () => {
  const readme = readFileSync(`${root}README.md`, 'utf8')
  const links = [...readme.matchAll(/\]\(([^)#:]+)[^):]*\)/g)].map((match) => match[1] as string)
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter((link) => !paths.includes(link))).toEqual([])
})

test('all of its dist comes of a source that there is, or is the bundle or the page', () => {
  const bundle = paths.filter((path) => path.startsWith('dist/bin/')).toSorted()
  expect(bundle).toEqual([
    'dist/bin/cli.cjs',
    'dist/bin/commit',
    'dist/bin/config-thread.js',
    'dist/bin/keyway.cache',
    'dist/bin/keyway.cjs',
    'dist/bin/telemetry.cjs',
  ])
  const page = paths.filter((path) => path.startsWith('dist/page/')).toSorted()
  expect(page).toEqual(['dist/page/index.html', 'dist/page/page.css', 'dist/page/page.js'])
  const made = [...bundle, ...page]
  const compiled = paths.filter((path) => path.startsWith('dist/') && !made.includes(path))
  expect(compiled.length).toBeGreaterThan(100)
  for (const path of compiled) {
    const source = path.replace(/^dist\//, 'src/').replace(/(\.d\.ts|\.js)$/, '.ts')
    expect(source).toMatch(/\.ts$/)
    expect(existsSync(`${root}${source}`), path).toBe(true)
  }
})

test('the bundle is ASCII: with one other letter V8 would keep its text with two bytes a letter', () => {
  const text = readFileSync(`${root}dist/bin/keyway.cjs`)
  expect(text.length).toBeGreaterThan(1_000_000)
  expect(text.every((byte) => byte < 0x80)).toBe(true)
})

test('what package.json names is in it', () => {
  const { bin, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  const { '.': main, './fastify': plugin, './schema': schema } = exports
  const named = [bin.keyway, main.types, main.default, plugin.types, plugin.default, schema]
  for (const path of named) expect(paths).toContain(path.replace(/^\.\//, ''))
})

test('nothing in it names the machine that built it', () => {
  for (const path of paths.filter((name) => /\.(js|cjs|ts|json|yaml|md)$/.test(name)))
    expect(readFileSync(`${root}${path}`, 'utf8').includes(root), path).toBe(false)
})
