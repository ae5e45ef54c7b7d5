// Checks and tests every configuration that ships: config/routes.yaml, the examples, and the one in
// the Kubernetes manifests. Needs dist/.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'keyway-examples-'))

function keyway(...args) {
  const { status } = spawnSync(process.execPath, ['dist/bin/cli.cjs', ...args], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`keyway ${args.join(' ')} exited ${status}`)
}

function mountedConfig(name) {
  const manifest = readFileSync(join(root, 'deploy/kubernetes', name), 'utf8')
  const documents = parseAllDocuments(manifest).map((document) => document.toJS())
  const file = join(folder, `kubernetes-${name}`)
  writeFileSync(file, documents.find(({ kind }) => kind === 'ConfigMap').data['routes.yaml'])
  return file
}

try {
  const examples = readdirSync(join(root, 'config/examples')).filter((name) =>
    name.endsWith('.yaml'),
  )
  const files = [
    'config/routes.yaml',
    ...examples.map((name) => `config/examples/${name}`),
    ...readdirSync(join(root, 'deploy/kubernetes')).map(mountedConfig),
  ]
  keyway('check', ...files)
  keyway('test', ...files)
  console.log(`${files.length} shipped configurations are valid and pass their tests`)
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true })
}
