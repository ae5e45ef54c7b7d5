// Swaps the configuration of the container that runs as the kubelet swaps a ConfigMap's: a new folder
// beside the old one, and then one link, `..data`, that leads to the other. Exits 0 once the new one
// is served, and 1 where it is not yet: then it is run again.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

const folder = `/proc/${findContainer()}/root/etc/keyway`
const { status } = await fetch('http://127.0.0.1:8080/swapped/echo').catch(() => ({ status: 0 }))
if (status !== 200) {
  if (!existsSync(join(folder, '..data'))) mount()
  else if (status === 404) swap()
  process.exit(1)
}
// And what was there before is gone with it.
const old = await fetch('http://127.0.0.1:8080/echo/')
console.log(`swapped to ${readlinkSync(join(folder, '..data'))}: ${status}, before: ${old.status}`)
process.exit(old.status === 404 ? 0 : 1)

/** As a ConfigMap is first mounted: each file a link through `..data`. */
function mount() {
  write('..1', readFileSync(join(folder, 'routes.yaml'), 'utf8'))
  point('..data', '..1')
  point('routes.yaml', '..data/routes.yaml')
}

function swap() {
  const text = readFileSync(join(folder, '..1/routes.yaml'), 'utf8')
  const [head] = text.split(/^upstreams:/m)
  write(
    '..2',
    `${head}upstreams: { echo: builtin:echo }
routes:
  - { name: swapped, match: { path: /swapped/* }, upstream: echo }
`,
  )
  point('..data', '..2')
}

function write(name, text) {
  mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, name, 'routes.yaml'), text)
}

/** Whole or not at all, as a rename is. */
function point(name, target) {
  symlinkSync(target, join(folder, `${name}_tmp`))
  renameSync(join(folder, `${name}_tmp`), join(folder, name))
}

/** The process of the container, as this machine numbers it. */
function findContainer() {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const found = pids.find((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      return words[0] === '/usr/local/bin/node' && words.includes('/app/dist/bin/cli.cjs')
    } catch {
      return false
    }
  })
  if (found === undefined) throw new Error('no container of it runs')
  return found
}
