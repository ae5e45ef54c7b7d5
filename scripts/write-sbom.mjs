// Writes what Keyway is made of, as a CycloneDX bill of materials, by the lock file alone:
//
//   npm run sbom [-- FILE]      default: standard output
//
// The same lock file gives the same bytes: number and time of the document are left out.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const { name, packages } = JSON.parse(readFileSync(`${root}package-lock.json`, 'utf8'))

// Not by npm's own --omit=dev: it leaves out what a tool wants too, such as yaml.
const shipped = new Set(
  Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`),
)

const sbom = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only']
const { serialNumber, ...bill } = JSON.parse(
  execFileSync('npm', sbom, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }),
)
const { timestamp, ...metadata } = bill.metadata
const own = metadata.component['bom-ref']
// npm names it by its folder.
metadata.component.name = name
const isShipped = (ref) => shipped.has(ref)
const text = JSON.stringify(
  {
    ...bill,
    metadata,
    components: bill.components.filter((component) => isShipped(component['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => ref === own || isShipped(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isShipped) })),
  },
  null,
  2,
)
const [, , file] = process.argv
if (file === undefined) process.stdout.write(`${text}\n`)
else writeFileSync(file, `${text}\n`)
