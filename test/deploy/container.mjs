// npm run test:container: the image built by a real builder and run by a real engine as a cluster would
// run it (read-only, 65532, no capabilities, 256 MiB), by container-smoke, wherever CONTAINER_SMOKE or
// the folder beside the project's has it. While it runs, its configuration is swapped as the kubelet
// swaps a ConfigMap's. Takes root.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MOST_BYTES = 140_000_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const tool = process.env.CONTAINER_SMOKE ?? `${root}../shared/tools/container-smoke`
if (!existsSync(tool)) {
  console.log('left out: there is no container-smoke here')
  process.exit()
}

const folder = mkdtempSync(join(tmpdir(), 'keyway-container-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
// The folder is mounted, as a ConfigMap's is: the root is read-only.
const dockerfile = join(folder, 'Dockerfile')
const text = readFileSync(`${root}deploy/Dockerfile`, 'utf8')
writeFileSync(dockerfile, `${text}VOLUME /etc/keyway\n`)

const swap = `"${process.execPath}" "${root}test/deploy/swap-config-map.mjs"`
const child = spawn(tool, [root, dockerfile, '8080', swap], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
let output = ''
child.stdout.on('data', (chunk) => {
  output += chunk
  process.stdout.write(chunk)
})
const [code] = await once(child, 'close')

const bytes = Number(/^image bytes: (\d+)$/m.exec(output)?.[1])
const faults = [
  code === 0 ? null : `the check fails: ${code}`,
  bytes < MOST_BYTES ? null : `the image has ${bytes} bytes, and may have ${MOST_BYTES}`,
  output.includes('exit code after SIGTERM: 0') ? null : 'it does not end as it should',
  output.includes('"msg":"drained"') ? null : 'it does not drain',
].filter((fault) => fault !== null)
for (const fault of faults) console.error(fault)
process.exitCode = faults.length === 0 ? 0 : 1
